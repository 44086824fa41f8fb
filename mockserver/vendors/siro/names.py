"""What each operation beside the upload can be asked: names of fields and of parameters, in the documents' order."""

from collections.abc import Mapping

PAGED = ("owner", "fromDate", "toDate", "limit", "cursor", "page", "sortField", "sortDirection")
LINK = ("dataType", "id", "externalId", "integrationConnectionId", "trigger")
ENRICHED = ("showCrmLinks", "showSummary", "showEntityExtractions", "showEvaluationScore", "showFollowups")
NAMES: Mapping[str, tuple[str, ...]] = {
    "createSignedUrl": ("fileType", "fileSize"),
    "listRecordings": (
        *("limit", "cursor", "conversationType", "result", "organizationId", "teamId"),
        *("dateCreated:gt", "dateCreated:lt", "orderBy", "orderDirection", "crmLinkStatus"),
        *("showCrmCustomer", "showEvaluationScore", "showFollowups"),
    ),
    "getRecording": (
        *("showCrmOpportunities", "showEvaluationScore", "showFollowups"),
        *("showCrmCustomers", "showSummary", "showEntityExtractions"),
    ),
    "deleteRecording": (),
    "listUtterances": ("cursor", "pageSize"),
    "getSummary": (),
    "createAudioUrl": (),
    "linkRecording": LINK,
    "unlinkRecording": LINK,
    "listConversationConfigurations": ("organizationId",),
    "createOAuthApp": ("appName", "owner", "organizationId"),
    "listOAuthApps": ("organizationId", *PAGED),
    "getOAuthApp": (),
    "deleteOAuthApp": (),
    "createAccessToken": ("clientSecret", "userId", "scope"),
    "listAccessTokens": PAGED,
    "getAccessToken": (),
    "revokeAccessToken": ("clientSecret", "userId"),
    "listOrganizationRecordings": (
        *("createdAt:gt", "createdAt:lt", "updatedAt:gte", "updatedAt:gt", "updatedAt:lt", "updatedAt:lte"),
        *("pageSize", "cursor", "isProcessingDone", "isEntityExtractionDone", "isSummaryDone", *ENRICHED),
    ),
    "getOrganizationRecording": ENRICHED,
    "listSummaries": (),
    "listUsers": ("disabled", "excludeSiroUsers", "externalId", "cursor"),
    "getUser": (),
    "listOrganizations": (),
    "getOrganization": (),
    "listConnections": ("integrationPlatform", "cursor"),
    "getConnection": (),
    "getCallerIdentity": (),
}
# Those that refuse what they do not know: there it needs no advice that it is ignored.
CLOSED = frozenset({"createSignedUrl"})
