package dev.rung.store.common;

import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Hold;
import dev.rung.core.model.HoldReason;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads why a delivery is held back. */
public final class HoldRows {
    private HoldRows() {}

    /** Of the columns {@code held_by} and {@code held_since}. */
    public static @Nullable Hold hold(ResultSet row) throws SQLException {
        Long since = NullableColumns.number(row, "held_since");
        return since == null ? null : new Hold(CodedEnum.ofCode(HoldReason.class, row.getInt("held_by")), since);
    }
}
