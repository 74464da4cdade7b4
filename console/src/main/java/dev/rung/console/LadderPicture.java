package dev.rung.console;

import dev.rung.core.model.Ladder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A ladder as it is drawn: two rails, a rung for each attempt, the first at the bottom, and on each rung those who stand there. Units of the
 * drawing are pixels at its natural size.
 *
 * @param name as it was saved; {@code ""} for ladders that were given on the spot
 * @param total how many stand on it
 */
public record LadderPicture(String name, long total, int height, List<Rung> rungs) {
    public static final int WIDTH = 560;
    public static final int LEFT_RAIL = 150;
    public static final int RIGHT_RAIL = 286;
    private static final int MARGIN = 20;
    private static final int FIGURES_MAX = 10;
    private static final int FIGURE_WIDTH = 12;
    private static final int BAR_LEFT = 372;

    /**
     * A rung.
     *
     * @param number of the attempt that is made from it, from 1
     * @param pause how long one stands there; null: it is not known, or for the first rung nothing at all
     * @param count how many stand there now
     * @param y where its line is
     * @param figures where the figures on it are drawn, from the left; no more than fit
     * @param barWidth of the bar that compares the counts
     */
    public record Rung(int number, @Nullable Duration pause, long count, int y, List<Integer> figures, int barWidth) {
        public boolean isFirst() {
            return number == 1;
        }
    }

    /**
     * Draws one.
     *
     * @param ladder null: its steps are not known
     * @param rungs how many there are; with a ladder its steps and the first attempt
     * @param standing how many stand on the rung with this number, from 0
     */
    static LadderPicture of(String name, @Nullable Ladder ladder, int rungs, IntToLongFunction standing) {
        int gap = rungs <= 8 ? 38 : rungs <= 16 ? 30 : 24;
        int height = 2 * MARGIN + gap * (rungs - 1);
        long most = 1;
        long total = 0;
        for (int i = 0; i < rungs; i++) {
            most = Math.max(most, standing.applyAsLong(i));
            total += standing.applyAsLong(i);
        }
        List<Rung> drawn = new ArrayList<>();
        for (int i = rungs - 1; i >= 0; i--) {
            long count = standing.applyAsLong(i);
            drawn.add(new Rung(
                    i + 1,
                    i == 0 || ladder == null ? null : ladder.steps().get(i - 1),
                    count,
                    MARGIN + gap * (rungs - 1 - i),
                    figures(count),
                    count == 0 ? 0 : (int) Math.max(3, (WIDTH - 8 - BAR_LEFT) * count / most)));
        }
        return new LadderPicture(name, total, height, drawn);
    }

    private static List<Integer> figures(long count) {
        int shown = (int) Math.min(count, FIGURES_MAX);
        int left = (LEFT_RAIL + RIGHT_RAIL - (shown - 1) * FIGURE_WIDTH) / 2;
        List<Integer> figures = new ArrayList<>(shown);
        for (int i = 0; i < shown; i++) {
            figures.add(left + i * FIGURE_WIDTH);
        }
        return figures;
    }
}
