package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.cli.Table.Cell;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextWidthTest {
    @ParameterizedTest
    @CsvSource({
        "ntf_0000000000001, 17",
        "龙井茶馆, 8",
        "「茶」。, 8",
        "ＡＢ, 4",
        "ﾃｨｰ, 3",
        "한글, 4",
        "café, 4",
        "cafe\u0301, 4",
        "🍵, 2",
        "→…│, 3"
    })
    void aTextTakesAsMuchRoomAsATerminalGivesIt(String text, int columns) {
        assertThat(TextWidth.of(text)).isEqualTo(columns);
    }

    @ParameterizedTest
    @CsvSource({"abcdef, 6, abcdef", "abcdefg, 6, abcde…", "龙井茶馆, 6, 龙井…", "龙井茶馆, 7, 龙井茶…", "a🍵🍵, 3, a…"})
    void whatHasNoRoomIsCutBetweenCharacters(String text, int most, String cut) {
        assertThat(TextWidth.cut(text, most)).isEqualTo(cut);
    }

    @Test
    void columnsLineUpBehindChineseText(@TempDir Path folder) {
        Table table = new Table("merchant", "order");
        table.add(List.of(Cell.of("龙井茶馆"), Cell.of("T1")));
        table.add(List.of(Cell.of("Tea House"), Cell.of("T2")));
        List<String> lines = table.lines(new Cli(folder).terminal(new StringWriter(), new StringWriter()));
        assertThat(lines).containsExactly("merchant   order", "龙井茶馆   T1", "Tea House  T2");
    }
}
