"""The four constraints: validation, integration, coordination, release."""
