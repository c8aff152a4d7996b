-- The large parts of a batch can be dropped once they are in an export of the log (openledger.retention.batch-days). Header, counters,
-- levels and the hashes in log_tile stay, so that receipts and roots can be computed, and what is read from the export can be checked.
alter table batch
    alter column leaves drop not null,
    alter column records drop not null;
-- The row stays: it has the batch of a snapshot's number.
alter table snapshot alter column data drop not null;

-- To find the oldest batch that has its data.
create index batch_whole on batch (lane, sequence) where leaves is not null;
