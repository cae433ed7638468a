from cms.admin_language.formats import *  # noqa: F403
