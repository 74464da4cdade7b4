package dev.rung.console;

import dev.rung.core.model.Ladder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Geometry of a ladder's drawing: two rails, a rung for each attempt with the first at the bottom, and dots for the notifications that wait there.
 * Coordinates are SVG units.
 *
 * @param name the ladder's name; {@code ""} for inline ladders
 * @param total the number of waiting notifications
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
     * @param number of the attempt, from 1
     * @param pause the wait before the attempt; null if unknown, and for the first attempt
     * @param count the number of notifications that wait for the attempt
     * @param y of the rung's line
     * @param figures x coordinates of the dots, at most {@value #FIGURES_MAX}
     * @param barWidth of the bar that shows the count
     */
    public record Rung(int number, @Nullable Duration pause, long count, int y, List<Integer> figures, int barWidth) {
        public boolean isFirst() {
            return number == 1;
        }
    }

    /**
     * Computes the drawing.
     *
     * @param ladder null if its steps are unknown
     * @param rungs the number of attempts
     * @param waiting the number of waiting notifications by rung, from 0
     */
    static LadderPicture of(String name, @Nullable Ladder ladder, int rungs, IntToLongFunction waiting) {
        int gap = rungs <= 8 ? 38 : rungs <= 16 ? 30 : 24;
        int height = 2 * MARGIN + gap * (rungs - 1);
        long most = 1;
        long total = 0;
        for (int i = 0; i < rungs; i++) {
            most = Math.max(most, waiting.applyAsLong(i));
            total += waiting.applyAsLong(i);
        }
        List<Rung> drawn = new ArrayList<>();
        for (int i = rungs - 1; i >= 0; i--) {
            long count = waiting.applyAsLong(i);
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
