"""Who signs in to the demonstration; the passwords are public, so it is never loaded elsewhere."""

PASSWORD = "podium-demonstration"  # noqa: S105
SIGN_INS = {
    "participant": ("participant@podium.example", PASSWORD),
    "judge": ("judge@podium.example", PASSWORD),
    "organizer": ("organizer@podium.example", PASSWORD),
}
EXAMPLE_JUDGES = ["example-judge-1@podium.example", "example-judge-2@podium.example"]
