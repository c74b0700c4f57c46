"""Who may see and change an account: its owner, nobody else."""

from accounts.models import User


def can_edit(user: User, account: User) -> bool:
    return user.is_active and user.pk == account.pk
