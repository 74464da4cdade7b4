package dev.rung.store.common.sharded;

import dev.rung.core.model.Ids;

/**
 * The buckets of one shard. Shards are named as in Vitess, by the range of their keyspace ids in hexadecimal: {@code -80}, {@code 40-80}, {@code -}.
 * A keyspace id is the merchant's id with its bits in reverse (the vindex {@code reverse_bits}), so that its first byte is the reversed {@linkplain
 * Ids#bucket bucket}: every id of a record of the merchant names the shard.
 *
 * @param name as Vitess shows it
 * @param from the first reversed bucket, inclusive
 * @param to the last one, exclusive; at most {@link Ids#BUCKETS}
 */
record ShardRange(String name, int from, int to) {
    private static final int HEX = 16;
    private static final int DIGITS_OF_A_BUCKET = 2;

    /**
     * Parses a shard's name.
     *
     * @throws IllegalArgumentException if it is no range of whole buckets; the message is for users
     */
    static ShardRange parse(String name) {
        if (name.equals("0")) {
            return new ShardRange(name, 0, Ids.BUCKETS);
        }
        int dash = name.indexOf('-');
        if (dash < 0) {
            throw new IllegalArgumentException("the shard " + name + " is not a range of keyspace ids");
        }
        String to = name.substring(dash + 1);
        return new ShardRange(name, bound(name, name.substring(0, dash)), to.isEmpty() ? Ids.BUCKETS : bound(name, to));
    }

    private static int bound(String name, String hex) {
        int end = Math.min(DIGITS_OF_A_BUCKET, hex.length());
        if (!hex.substring(end).chars().allMatch(c -> c == '0')) {
            throw new IllegalArgumentException(
                    "the shard " + name + " divides a bucket: bounds have two hexadecimal digits");
        }
        String digits = (hex + "00").substring(0, DIGITS_OF_A_BUCKET);
        try {
            return Integer.parseInt(digits, HEX);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the shard " + name + " is not a range of keyspace ids", e);
        }
    }

    /** Whether it has the records of this bucket. */
    boolean contains(int bucket) {
        int reversed = Integer.reverse(bucket) >>> Integer.SIZE - Byte.SIZE;
        return from <= reversed && reversed < to;
    }
}
