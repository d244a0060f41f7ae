"""One page of X: which endpoint, which fields, which bounds."""

from typing import Any

from connectors.x.api import Answer, XApi
from connectors.x.place import Place
from connectors.x.queries import Query

POST_FIELDS = (
    "author_id,created_at,edit_history_tweet_ids,in_reply_to_user_id,lang,note_tweet,public_metrics,referenced_tweets"
)
USER_FIELDS = "created_at,description,name,public_metrics,username"
EXPANSIONS = "author_id,referenced_tweets.id"
"""The authors for their bios; the originals because a repost's own text is cut off."""
PROBE_SIZE = 5


def fetch(api: XApi, query: Query, place: Place, page_size: int) -> Answer:
    """Fetch the page at `place`."""
    options: dict[str, Any] = {
        "tweet_fields": POST_FIELDS,
        "user_fields": USER_FIELDS,
        "expansions": EXPANSIONS,
        "max_results": PROBE_SIZE if place.probe else page_size,
    }
    if query.mode == "list":
        options["pagination_token"] = place.token  # a list knows no times
        return api.call("list", lambda client: client.get_list_tweets(query.value, **options), one_query=True)
    options |= {"start_time": None if place.probe else place.start, "end_time": place.end}
    if query.mode == "timeline":
        options["pagination_token"] = place.token
        return api.call("timeline", lambda client: client.get_users_tweets(place.user, **options))
    options["next_token"] = place.token
    return _search(api, query, options)


def _search(api: XApi, query: Query, options: dict[str, Any]) -> Answer:
    def recent(client: Any) -> Any:
        return client.search_recent_tweets(query.value, **options)

    def everything(client: Any) -> Any:
        return client.search_all_tweets(query.value, **options)

    if query.mode == "archive":
        return api.call("all", everything, one_query=True)
    return api.call("recent", recent)
