"""What a browser says it is, in a few words that its owner recognises. Pure."""

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "un iPhone"), ("iPad", "un iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "un Mac"), ("Linux", "Linux"),
)  # fmt: skip


def device_of(agent: str) -> str:
    """« Firefox sous Windows », « Safari sur un iPhone », « un navigateur » when it does not say."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "un navigateur")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    if not system:
        return browser
    return f"{browser} {'sur' if system.startswith('un ') else 'sous'} {system}"
