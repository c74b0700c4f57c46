"""Static files with their hash in the name, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no stubs
    """Follows the references inside style sheets only: scripts of packages name source maps that
    the packages do not ship, which the base class takes for an error."""

    patterns = tuple(
        rule for rule in CompressedManifestStaticFilesStorage.patterns if rule[0] == "*.css"
    )
