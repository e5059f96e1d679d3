"""What happened to a record of the directory, as people read it."""

from leadgen.web.translate import lazy_gettext

EVENT_WORDS = {
    "school.created": lazy_gettext("School created"),
    "school.changed": lazy_gettext("School changed"),
    "school.retired": lazy_gettext("School retired"),
    "school.restored": lazy_gettext("School in use again"),
    "campus.created": lazy_gettext("Campus created"),
    "campus.changed": lazy_gettext("Campus changed"),
    "campus.retired": lazy_gettext("Campus retired"),
    "campus.restored": lazy_gettext("Campus in use again"),
    "offering.created": lazy_gettext("Offering created"),
    "offering.changed": lazy_gettext("Offering changed"),
    "offering.retired": lazy_gettext("Offering retired"),
    "offering.restored": lazy_gettext("Offering in use again"),
    "endpoint.created": lazy_gettext("Endpoint created"),
    "endpoint.changed": lazy_gettext("Endpoint changed"),
    "endpoint.retired": lazy_gettext("Endpoint retired"),
    "endpoint.restored": lazy_gettext("Endpoint in use again"),
    "school.given_back": lazy_gettext("School given back to the file"),
    "campus.given_back": lazy_gettext("Campus given back to the file"),
    "offering.given_back": lazy_gettext("Offering given back to the file"),
}
