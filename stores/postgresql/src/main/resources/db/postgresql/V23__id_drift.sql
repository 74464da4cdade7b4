-- How far, in ids, the time in an id has been ahead of its notification's creation, and behind it: clocks that were set back, servers that
-- disagree. A search by time walks ids and looks so much further. What was stored before this is taken to be a day off.
CREATE TABLE id_drift (
    only_one boolean NOT NULL DEFAULT true CONSTRAINT id_drift_only_one PRIMARY KEY CHECK (only_one),
    ahead    bigint  NOT NULL,
    behind   bigint  NOT NULL
);
INSERT INTO id_drift (ahead, behind)
SELECT drift, drift
  FROM (SELECT CASE WHEN EXISTS (SELECT FROM notification) THEN 86400000::bigint << 21 ELSE 0 END AS drift) AS before;
