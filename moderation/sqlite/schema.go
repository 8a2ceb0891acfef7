package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"liveroom/moderation"
)

// applicationID marks the file as a record of this program: "lrdb".
const applicationID = 0x6c726462

// migrations lead from one schema version to the next; version n is after the
// first n of them. A migration once released never changes.
var migrations = []string{`
CREATE TABLE rooms (
	id         TEXT PRIMARY KEY,
	name       TEXT NOT NULL,
	time_zone  TEXT NOT NULL,
	on_air     TEXT NOT NULL,    -- SKU
	on_air_fen INTEGER NOT NULL,
	on_air_at  INTEGER NOT NULL, -- times: ns since 1970 UTC, 0: none
	started_at INTEGER NOT NULL,
	ended_at   INTEGER NOT NULL,
	heard      TEXT NOT NULL     -- JSON list of the last utterances
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (
	source TEXT PRIMARY KEY,
	epoch  TEXT NOT NULL,
	offset INTEGER NOT NULL,
	id     TEXT NOT NULL,
	at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
	idx        INTEGER PRIMARY KEY, -- place in the record, from 1
	source     TEXT NOT NULL,
	id         TEXT NOT NULL,
	room       TEXT NOT NULL,
	kind       TEXT NOT NULL,
	at         INTEGER NOT NULL,
	recv       INTEGER NOT NULL,
	spoken     INTEGER NOT NULL,    -- 1: words of a host or assistant, final
	text       TEXT NOT NULL,       -- as received
	detail     TEXT NOT NULL,       -- JSON: all the rest
	raw        BLOB NOT NULL,
	raw_sha256 BLOB NOT NULL,
	UNIQUE (source, id)
) STRICT;
CREATE INDEX events_room ON events (room, idx);
CREATE INDEX events_kind ON events (room, kind, at);
CREATE INDEX events_spoken ON events (room, at) WHERE spoken;

CREATE TABLE leaves (
	idx    INTEGER PRIMARY KEY, -- from 1
	kind   TEXT NOT NULL,
	ref    TEXT NOT NULL,
	data   TEXT NOT NULL,       -- canonical JSON
	hashes BLOB NOT NULL        -- the tree's hashes that this leaf completed, 32 bytes each
) STRICT;

CREATE TABLE flags (
	id         INTEGER PRIMARY KEY,
	room       TEXT NOT NULL,
	event      INTEGER NOT NULL REFERENCES events (idx),
	event_id   TEXT NOT NULL,
	at         INTEGER NOT NULL,
	finding    TEXT NOT NULL,    -- JSON
	text       TEXT NOT NULL,
	status     TEXT NOT NULL,
	decided_by TEXT NOT NULL,
	decided_at INTEGER NOT NULL,
	reason     TEXT NOT NULL,
	case_id    INTEGER NOT NULL, -- 0: none
	corrected  INTEGER NOT NULL,
	changed_by TEXT NOT NULL,
	version    INTEGER NOT NULL
) STRICT;
CREATE INDEX flags_event ON flags (event);
CREATE INDEX flags_room ON flags (room, id);
CREATE INDEX flags_open ON flags (id) WHERE status IN ('open', 'snoozed');

CREATE TABLE complaints (
	id       INTEGER PRIMARY KEY,
	room     TEXT NOT NULL,
	event    INTEGER NOT NULL REFERENCES events (idx),
	event_id TEXT NOT NULL,
	at       INTEGER NOT NULL,
	channel  TEXT NOT NULL,
	buyer    TEXT NOT NULL,    -- JSON
	sku      TEXT NOT NULL,
	order_id TEXT NOT NULL,
	text     TEXT NOT NULL,
	problem  INTEGER NOT NULL, -- 0: none
	case_id  INTEGER NOT NULL, -- 0: none
	version  INTEGER NOT NULL
) STRICT;
CREATE INDEX complaints_room ON complaints (room, id);
CREATE INDEX complaints_problem ON complaints (problem, id) WHERE problem <> 0;

CREATE TABLE problems (
	id    INTEGER PRIMARY KEY,
	room  TEXT NOT NULL,
	sku   TEXT NOT NULL,
	title TEXT NOT NULL,
	flag  INTEGER NOT NULL -- 0: none
) STRICT;

CREATE TABLE orders (
	number       INTEGER PRIMARY KEY,
	id           TEXT NOT NULL UNIQUE,
	room         TEXT NOT NULL,
	buyer        TEXT NOT NULL,    -- JSON
	sku          TEXT NOT NULL,
	qty          INTEGER NOT NULL,
	amount_fen   INTEGER NOT NULL,
	paid_fen     INTEGER NOT NULL,
	address_hash TEXT NOT NULL,
	status       TEXT NOT NULL,
	refund       TEXT NOT NULL,
	refund_fen   INTEGER NOT NULL,
	created_at   INTEGER NOT NULL,
	paid_at      INTEGER NOT NULL,
	shipped_at   INTEGER NOT NULL,
	event        INTEGER NOT NULL REFERENCES events (idx),
	case_id      INTEGER NOT NULL, -- 0: none
	version      INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_room ON orders (room, number);

CREATE TABLE cases (
	id         INTEGER PRIMARY KEY,
	room       TEXT NOT NULL,
	kind       TEXT NOT NULL,
	state      TEXT NOT NULL,
	title      TEXT NOT NULL,
	sku        TEXT NOT NULL,
	category   TEXT NOT NULL,
	owner      TEXT NOT NULL,
	outcome    TEXT NOT NULL,
	flags      TEXT NOT NULL, -- JSON list of ids
	complaints TEXT NOT NULL, -- JSON list of ids
	orders     TEXT NOT NULL, -- JSON list of ids
	notes      TEXT NOT NULL, -- JSON list of {by, at, text}
	opened_by  TEXT NOT NULL,
	opened_at  INTEGER NOT NULL,
	due_at     INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	changed_by TEXT NOT NULL,
	closed_at  INTEGER NOT NULL,
	version    INTEGER NOT NULL
) STRICT;
CREATE INDEX cases_room ON cases (room, id);
CREATE INDEX cases_open ON cases (id) WHERE state NOT IN ('closed', 'withdrawn');

CREATE TABLE effects (
	id         INTEGER PRIMARY KEY,
	key        TEXT NOT NULL UNIQUE,
	room       TEXT NOT NULL,
	kind       TEXT NOT NULL,
	target     TEXT NOT NULL,
	text       TEXT NOT NULL,
	not_before INTEGER NOT NULL,
	status     TEXT NOT NULL,
	result     TEXT NOT NULL,
	flag       INTEGER NOT NULL, -- 0: none
	action     INTEGER NOT NULL
) STRICT;
CREATE INDEX effects_due ON effects (not_before) WHERE status IN ('pending', 'begun');

CREATE TABLE actions (
	id          INTEGER PRIMARY KEY,
	actor       TEXT NOT NULL,
	role        TEXT NOT NULL,
	command     TEXT NOT NULL,
	at          INTEGER NOT NULL,
	undo_until  INTEGER NOT NULL,
	undone      INTEGER NOT NULL,
	before_rows TEXT NOT NULL, -- JSON
	after_rows  TEXT NOT NULL  -- JSON
) STRICT;
CREATE INDEX actions_last ON actions (actor, id) WHERE NOT undone;
`, `
-- The words of each event's text, to find it by; the text itself is in events.
CREATE VIRTUAL TABLE event_words USING fts5 (
	words, content = '', columnsize = 0, detail = none, tokenize = 'ascii'
);
CREATE TABLE search_state (indexed INTEGER NOT NULL) STRICT; -- the last event in event_words
INSERT INTO search_state VALUES (0);
`, `
ALTER TABLE complaints ADD COLUMN type TEXT NOT NULL DEFAULT '';     -- '': not triaged
ALTER TABLE complaints ADD COLUMN priority TEXT NOT NULL DEFAULT '';
ALTER TABLE complaints ADD COLUMN score INTEGER NOT NULL DEFAULT 0;  -- of a thousand
ALTER TABLE complaints ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE complaints ADD COLUMN why_en TEXT NOT NULL DEFAULT '';
ALTER TABLE problems ADD COLUMN event INTEGER NOT NULL DEFAULT 0;    -- 0: none
ALTER TABLE problems ADD COLUMN said_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE problems ADD COLUMN into_id INTEGER NOT NULL DEFAULT 0;  -- 0: none
ALTER TABLE problems ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';
ALTER TABLE problems ADD COLUMN version INTEGER NOT NULL DEFAULT 0;  -- 0: as before there were versions

CREATE TABLE questions (
	id          INTEGER PRIMARY KEY,
	room        TEXT NOT NULL,
	event       INTEGER NOT NULL REFERENCES events (idx),
	event_id    TEXT NOT NULL,
	at          INTEGER NOT NULL,
	asker       TEXT NOT NULL,    -- JSON
	sku         TEXT NOT NULL,
	text        TEXT NOT NULL,
	times       INTEGER NOT NULL,
	last_at     INTEGER NOT NULL,
	answered_at INTEGER NOT NULL, -- 0: not answered
	answer      INTEGER NOT NULL, -- 0: none
	answered_by TEXT NOT NULL,
	note        TEXT NOT NULL,
	version     INTEGER NOT NULL
) STRICT;
CREATE INDEX questions_room ON questions (room, id);
CREATE INDEX questions_open ON questions (id) WHERE answered_at = 0;
`, `
ALTER TABLE cases ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0; -- 0: the owner's without end
ALTER TABLE cases ADD COLUMN snoozed_to INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN detail TEXT NOT NULL DEFAULT '{}';      -- JSON: clocks, watchers and what it is about

-- What each case is about, to find the earlier ones of a product or a buyer.
CREATE TABLE case_links (
	kind    TEXT NOT NULL,
	value   TEXT NOT NULL,
	case_id INTEGER NOT NULL REFERENCES cases (id),
	PRIMARY KEY (kind, value, case_id)
) STRICT, WITHOUT ROWID;
INSERT INTO case_links SELECT 'room', room, id FROM cases WHERE room <> '';
INSERT INTO case_links SELECT 'product', sku, id FROM cases WHERE sku <> '';
`, `
ALTER TABLE actions ADD COLUMN key TEXT NOT NULL DEFAULT ''; -- '': the command may act again
CREATE UNIQUE INDEX actions_key ON actions (actor, key) WHERE key <> '';
`, `
-- Who bought and where it goes, to weigh each order beside its buyer's others.
CREATE INDEX orders_buyer ON orders (CASE WHEN json_valid(buyer) THEN coalesce(buyer ->> 'id', buyer ->> 'name') END, number);
CREATE INDEX orders_address ON orders (address_hash, number);
`, `
-- What ranks the cases that are not over, all of it, so that no row is read for it.
CREATE INDEX cases_waiting ON cases (room, state, kind, owner, lease_until, snoozed_to, due_at, escalated,
	CASE WHEN json_valid(detail) THEN (min(coalesce(detail ->> 'urgent', 0), 255) << 48)
	| (min(coalesce(detail ->> 'earlier', 0), 255) << 40) | min(coalesce(detail ->> 'stake_fen', 0), 0xffffffffff) ELSE 0 END)
	WHERE state NOT IN ('resolved', 'closed', 'withdrawn');
CREATE INDEX cases_about ON cases (room, sku, kind, category) WHERE state NOT IN ('resolved', 'closed', 'withdrawn');
CREATE INDEX complaints_case ON complaints (case_id, problem) WHERE case_id <> 0 AND problem <> 0;
-- What a claim reached: it said again, and who bought meanwhile.
CREATE INDEX flags_about ON flags (room, CASE WHEN json_valid(finding) THEN finding ->> 'SKU' END, CASE WHEN json_valid(finding) THEN finding ->> 'Category' END);
CREATE INDEX orders_bought ON orders (room, sku, coalesce(nullif(paid_at, 0), created_at));
CREATE INDEX complaints_order ON complaints (order_id) WHERE order_id <> '';
`, `
CREATE TABLE record_keys (
	name   TEXT PRIMARY KEY,
	secret BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The keys that people's parts of the rows are sealed with. A name is a hash under
-- the record's own key. Rows are only added, and written over in their place with
-- as many bytes: SQLite moves none of them, so that no copy of a key stays behind
-- in a page. A secret of zeros is one that was erased.
CREATE TABLE buyer_keys (
	number INTEGER PRIMARY KEY,
	name   TEXT NOT NULL UNIQUE,
	secret BLOB NOT NULL,
	held   INTEGER NOT NULL DEFAULT 0 -- 1: may not be erased
) STRICT;

-- How many leaves were written before that: they may tell of people themselves.
CREATE TABLE sealing (leaves INTEGER NOT NULL) STRICT;
INSERT INTO sealing SELECT coalesce(max(idx), 0) FROM leaves;

ALTER TABLE events ADD COLUMN holder INTEGER NOT NULL DEFAULT 0; -- number of the key that raw is sealed with; 0: nobody's
ALTER TABLE complaints ADD COLUMN holder INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaints ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
ALTER TABLE questions ADD COLUMN holder INTEGER NOT NULL DEFAULT 0;
ALTER TABLE questions ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
ALTER TABLE orders ADD COLUMN holder INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
ALTER TABLE problems ADD COLUMN holder INTEGER NOT NULL DEFAULT 0;
ALTER TABLE problems ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
ALTER TABLE cases ADD COLUMN holder INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
ALTER TABLE effects ADD COLUMN holder INTEGER NOT NULL DEFAULT 0;
ALTER TABLE effects ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';
ALTER TABLE actions ADD COLUMN holder INTEGER NOT NULL DEFAULT 0;
ALTER TABLE actions ADD COLUMN sealed BLOB NOT NULL DEFAULT x'';

-- Whose an order is stands in its holder, and where it goes under a name.
DROP INDEX orders_buyer;
CREATE INDEX orders_holder ON orders (holder, number);

-- The index is made anew, of hidden words. What is taken out of it leaves nothing
-- behind.
INSERT INTO event_words (event_words) VALUES ('delete-all');
UPDATE search_state SET indexed = 0;
INSERT INTO event_words (event_words, rank) VALUES ('secure-delete', 1);
`, `
-- The name of the device that an order was made on, '' where nobody told.
ALTER TABLE orders ADD COLUMN device TEXT NOT NULL DEFAULT '';
CREATE INDEX orders_device ON orders (device, number) WHERE device <> '';
`, `
-- What one pane shows of a room, page by page from either end.
CREATE INDEX events_feed ON events (room, kind);
`, `
-- The message that an effect is about, and the source that it came by.
ALTER TABLE effects ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE effects ADD COLUMN event INTEGER NOT NULL DEFAULT 0;
`, `
-- The events that withdraw others, of which there are few: what they struck out is
-- asked of them when it is shown, and a clearing of thousands of lines writes one row.
-- What an older program sealed may be such an event or not.
CREATE TABLE withdrawals (
	room  TEXT NOT NULL,
	event INTEGER NOT NULL REFERENCES events (idx),
	PRIMARY KEY (room, event)
) STRICT, WITHOUT ROWID;
INSERT INTO withdrawals SELECT room, idx FROM events WHERE kind = 'system' AND (holder <> 0 OR detail LIKE '%"retracts"%');
`, `
-- What became, on the platform, of the message that it holds, '' for nothing yet.
ALTER TABLE flags ADD COLUMN settled TEXT NOT NULL DEFAULT '';
ALTER TABLE flags ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';
`}

// conversions are what a migration does beyond SQL, in its transaction.
var conversions = map[int]func(*tx) error{sealedSince: sealRows}

// sealedSince is the schema version from which on nobody's data stands in the
// clear.
const sealedSince = 8

// identify refuses a file that is another program's, or a newer version's, and
// tells the schema version of ours.
func identify(ctx context.Context, db *sql.DB, path string) (int, error) {
	var app, version, tables int
	for _, q := range []struct {
		query string
		into  *int
	}{
		{"PRAGMA application_id", &app},
		{"PRAGMA user_version", &version},
		{"SELECT count(*) FROM sqlite_schema", &tables},
	} {
		if err := db.QueryRowContext(ctx, q.query).Scan(q.into); err != nil {
			return 0, explain(path, err)
		}
	}
	switch {
	case tables == 0 && app == 0 && version == 0:
		return 0, nil
	case app != applicationID:
		return 0, fmt.Errorf("%s is an SQLite database, but not one of liveroom's: name another database file", path)
	case version > len(migrations):
		return 0, fmt.Errorf("%s has schema version %d and this program knows %d: open it with the newer liveroom that wrote it: %w",
			path, version, len(migrations), moderation.ErrNewer)
	}
	return version, nil
}

// migrate brings the file to the newest schema, one transaction a version.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	version, err := identify(ctx, db, path)
	if err != nil {
		return err
	}
	inClear := version > 0 && version < sealedSince
	for ; version < len(migrations); version++ {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return explain(path, err)
		}
		script := fmt.Sprintf("%s; PRAGMA application_id=%d; PRAGMA user_version=%d;", migrations[version], applicationID, version+1)
		if _, err := tx.ExecContext(ctx, script); err != nil {
			_ = tx.Rollback()
			return fmt.Errorf("bring %s to schema version %d: %w", path, version+1, explain(path, err))
		}
		if err := convert(ctx, tx, path, version+1); err != nil {
			_ = tx.Rollback()
			return fmt.Errorf("bring %s to schema version %d: %w", path, version+1, err)
		}
		if err := tx.Commit(); err != nil {
			return fmt.Errorf("bring %s to schema version %d: %w", path, version+1, explain(path, err))
		}
	}
	if !inClear {
		return nil
	}
	// Pages that were split and joined keep pieces of what stood in them.
	for _, s := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("write %s anew without what stood in it in the clear: %w", path, explain(path, err))
		}
	}
	return nil
}

func convert(ctx context.Context, sqltx *sql.Tx, path string, version int) error {
	do := conversions[version]
	if do == nil {
		return nil
	}
	t := newTx(reader{stmts: newStatements(func(_ context.Context, q string) (*sql.Stmt, error) { return sqltx.PrepareContext(ctx, q) }), path: path, inTx: true})
	defer func() { _ = t.stmts.close() }()
	return do(t)
}

// Version is the schema that this program writes.
func Version() int { return len(migrations) }
