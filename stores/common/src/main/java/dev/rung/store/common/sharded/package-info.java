/**
 * A store that is divided among several databases by merchant: routes what belongs to a merchant to its shard, and merges what spans merchants. It
 * uses the ports of the stores only, so it knows no SQL. Read {@link dev.rung.store.common.sharded.Shards} first.
 */
@NullMarked
package dev.rung.store.common.sharded;

import org.jspecify.annotations.NullMarked;
