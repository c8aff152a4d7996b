-- To find the batches that have the leaves of a place in the log.
create index batch_by_log_size on batch (lane, log_size);
