"""Tells AI agents and robots from people.

In:  a name and an e-mail address, or a line of a commit message.
Out: whether it is an AI agent, a robot, or speaks of an AI agent.

A robot does what its configuration says (dependency updates); an AI agent works on
somebody's behalf, so its change belongs to the human beside it. A person whose first
name is Claude is a person: a name alone counts only where it is the agent's whole name.
"""

from __future__ import annotations

import re
from functools import lru_cache

ROBOT = "[bot]"

_NAMES = frozenset(
    {"ai assistant", "aider", "amazon q", "amazon q developer", "amp", "chatgpt", "claude",
     "claude code", "codex", "copilot", "cursor", "cursor agent", "cursoragent", "devin",
     "devin ai", "gemini", "gemini cli", "gemini code assist", "github copilot", "gpt-4", "gpt-5",
     "jules", "junie", "openai codex", "opencode", "openhands", "roo code", "sweep ai", "windsurf"}
)  # fmt: skip
_BOTS = frozenset(
    {"amazon-q-developer[bot]", "anthropic-code-agent[bot]", "chatgpt-codex-connector[bot]",
     "claude[bot]", "codegen-sh[bot]", "copilot[bot]", "copilot-swe-agent[bot]", "cursor[bot]",
     "devin-ai-integration[bot]", "gemini-code-assist[bot]", "google-labs-jules[bot]",
     "openai-codex[bot]", "openhands-agent[bot]", "opencode-agent[bot]", "sweep-ai[bot]"}
)  # fmt: skip
_EMAILS = re.compile(
    r"^(?:noreply|claude)@anthropic\.com$|^cursoragent@cursor\.com$|^aider@aider\.chat$"
    r"|^(?:codex|noreply)@openai\.com$|^(?:amp|noreply)@ampcode\.com$|^agent@warp\.dev$"
    r"|^openhands@all-hands\.dev$|^junie@jetbrains\.com$|^noreply@opencode\.ai$"
    r"|^(?:\d+\+)?(?:copilot|copilot-swe-agent\[bot\]|devin-ai-integration\[bot\]"
    r"|google-labs-jules\[bot\]|gemini-code-assist\[bot\])@users\.noreply\.github\.com$",
    re.IGNORECASE,
)
_MODELS = re.compile(
    r"^(?:claude|gpt|gemini|codex|copilot|aider|cursor|devin)"
    r"[ :/_-]*(?:\(|\d|opus|sonnet|haiku|fable|code\b|pro\b|flash\b|agent\b|ai\b)",
    re.IGNORECASE,
)
_WORDS = re.compile(
    r"\b(?:ai|ai[ -]assistant|aider|amazon q|anthropic|chatgpt|claude|codex|copilot|cursor|devin"
    r"|gemini|gpt(?:-?\d\S*)?|jules|junie|llm|openai|opencode|openhands|windsurf)\b",
    re.IGNORECASE,
)
_LINE = re.compile(
    r"^\W*(?:(?:ai-)?assisted[- ]by\s*:|generated[- ]by\s*:|(?:co-)?generated with\b"
    r"|ai-(?:assistant|agent|model|generated)\s*:|claude-session\s*:)(.*)$",
    re.IGNORECASE | re.MULTILINE,
)


@lru_cache(maxsize=1 << 16)
def is_agent(name: str, email: str) -> bool:
    """Return whether this is a known AI agent.

    Examples
    --------
    >>> is_agent("Claude", "noreply@anthropic.com"), is_agent("Claude Monet", "cm@giverny.fr")
    (True, False)
    """
    whole = name.strip().casefold()
    return (
        whole in _NAMES
        or whole in _BOTS
        or bool(_EMAILS.match(email.strip()))
        or bool(_MODELS.match(whole))
    )


def is_robot(name: str, email: str) -> bool:
    """Return whether this is a robot: ``[bot]`` in its name, and no AI agent."""
    return ROBOT in name and not is_agent(name, email)


def mentions_agent(message: str) -> bool:
    """Return whether a line such as ``Assisted-by:`` or ``Generated with`` names an agent."""
    lower = message.lower()
    if not any(word in lower for word in ("assisted", "generated", "ai-", "claude-session")):
        return False
    return any(
        line[0].casefold().startswith(("ai-", "claude-")) or _WORDS.search(line[1])
        for line in _LINE.finditer(message)
    )
