"""The names by which clients ask: the parameters and fields of each operation but the uploads."""

from collections.abc import Mapping, Sequence

_DATES = ("StartDate", "EndDate")
_AGENT = ("firstName", "lastName", "agentEmail", "agentCode", "osms", "userId", "managerId", "startDate")
_CONTACTS = ("administrativeContactsUserIds", "escalationContactsUserIds", "managerContactsUserIds")
_HIERARCHY = ("name", "category", "subCategory", "code", *_CONTACTS, "hierarchyCodes")
FREE = ("meta1", "meta2", "meta3", "meta4", "meta5")
# What each operation takes, by query or by body.
KNOWN: Mapping[str, Sequence[str]] = {
    "createToken": ("client_id", "client_secret", "grant_type", "scope"),
    "listMetadata": (*_DATES, "MediaType", "ClientCallId", "LastId", "PageSize", "HierarchyIds"),
    "findMetadata": ("startDate", "endDate", "mediaType", "clientCallIds", "lastId", "pageSize", "hierarchyIds"),
    "patchMetadata": (
        *("timestamp", "phone", "callDirection", "clientCallId", "localeId", "extendedMetadata"),
        *FREE,
    ),
    "getTranscriptions": ("conversationIds",),
    "listInsights": (
        *("DateReference", *_DATES, "ClassifierIds", "HierarchyIds", "HierarchyCodes", "ClassifierCategoryNames"),
        *("ClassifierTypes", "LastId", "PageSize"),
    ),
    "findInsights": (
        *("dateReference", "startDate", "endDate", "classifierIds", "hierarchyIds", "hierarchyCodes"),
        *("classifierCategoryNames", "classifierTypes", "lastId", "pageSize"),
    ),
    "listClassifiers": ("PageSize", "LastId", "CategoryNames", "ClassifierTypes"),
    "listModelResults": (
        *("startDate", "endDate", "modelIds", "hierarchyCodes", "pageSize", "lastId", "includeUnprocessedMedia"),
    ),
    "getModelResults": ("conversationIds", "clientCallIds", "modelIds", "includeUnprocessedMedia"),
    "listReceipts": ("DateReference", *_DATES, "Status", "LastId", "PageSize", "HierarchyCodes"),
    "createAgent": _AGENT,
    "updateAgent": (*_AGENT, "isActive"),
    "listAgents": ("IsActive",),
    "createHierarchy": (*_HIERARCHY, "parentId"),
    "updateHierarchy": (*_HIERARCHY, "newParentId", "isActive"),
    "listHierarchies": ("IsActive",),
}
