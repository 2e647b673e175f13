"""The result of every Python service, from the rows of the REST service."""

import os

UPSTREAM = os.environ["UPSTREAM"]
EACH = os.environ.get("LOOKUPS") == "each"
"""Whether users are read with one call each instead of one call for all."""


def user_ids(posts):
    return list(dict.fromkeys(post["userId"] for post in posts))


def users_url(ids):
    return f"{UPSTREAM}/users?" + "&".join(f"id={id}" for id in ids)


def user_url(id):
    return f"{UPSTREAM}/users/{id}"


def result(posts, users):
    user_by_id = {user["id"]: {key: user[key] for key in ("id", "name", "email")} for user in users}
    return {
        "data": {
            "posts": [
                {
                    "id": post["id"],
                    "userId": post["userId"],
                    "title": post["title"],
                    "user": user_by_id.get(post["userId"]),
                }
                for post in posts
            ]
        }
    }
