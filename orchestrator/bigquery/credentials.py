"""The account of every call to Google, made from the settings that profiles.yml reads, too.

dbt-bigquery builds its credentials from the same four settings in the same way: a key file or the
application default credentials, another account put on top of them, a project that is billed for
the quota. Were the two to differ, a check of the rights would say nothing about dbt's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from orchestrator.errors import ConfigurationError, LoginRefused

if TYPE_CHECKING:
    from google.cloud.storage import Client

    from orchestrator.settings.values import Settings

SCOPES: Final = ("https://www.googleapis.com/auth/cloud-platform",)


def google_credentials(settings: Settings) -> Any:  # noqa: ANN401 - google.auth has no types
    """Return the credentials of the account that the settings name. No request is made."""
    credentials = _own(settings)
    if settings.impersonate_service_account:
        from google.auth.impersonated_credentials import Credentials

        credentials = Credentials(
            source_credentials=credentials,
            target_principal=settings.impersonate_service_account,
            target_scopes=list(SCOPES),
        )
    if settings.quota_project:
        credentials = credentials.with_quota_project(settings.quota_project)
    return credentials


def cloud_storage(settings: Settings) -> Client:
    """Return a client of Cloud Storage that is the same account."""
    from google.cloud.storage import Client

    return Client(project=settings.project, credentials=google_credentials(settings))


def _own(settings: Settings) -> Any:  # noqa: ANN401 - google.auth has no types
    """Return the credentials of the key file, or those that the surroundings give."""
    if settings.uses_keyfile:
        return _from_keyfile(str(settings.keyfile))
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError

    try:
        credentials, _ = google.auth.default(scopes=list(SCOPES))
    except DefaultCredentialsError as error:
        raise LoginRefused(
            f"no Google credentials for target '{settings.target}'",
            "run 'gcloud auth application-default login', or use the local target",
        ) from error
    return credentials


def _from_keyfile(path: str) -> Any:  # noqa: ANN401 - google.auth has no types
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.service_account import Credentials

    try:
        return Credentials.from_service_account_file(path, scopes=list(SCOPES))
    except (OSError, ValueError, GoogleAuthError) as error:
        # The text of a parser may quote the key.
        reason = error.strerror if isinstance(error, OSError) else "it holds no usable key"
        raise ConfigurationError(
            f"the key file {path} cannot be used: {reason}",
            "set CONCORD_KEYFILE to the JSON file of a service account's key",
        ) from error
