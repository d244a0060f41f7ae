-- No post of the audit sample waits for review: a correction there would show the model's guess to who measures it.
select post_key from mart.review_queue semi join ops.audit using (post_key)
