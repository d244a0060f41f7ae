-- core.posts holds every post of the vault, and no other.
select posts.post_key from vault.posts full join core.posts as shown using (post_key)
where posts.post_key is null or shown.post_key is null
