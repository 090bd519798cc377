using static PolicyValidator.Tests.Inputs.Grid.Blank;
using static PolicyValidator.Tests.Inputs.Grid.GridText;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>Words that are numbers, booleans, nulls or dates to some readers, with every tag.</summary>
internal static class ScalarTexts
{
    private static readonly string[] Words =
    [
        "v", "y", "Y", "n", "N", "yes", "Yes", "YES", "yEs", "no", "No", "NO", "on", "On", "ON", "oN", "off", "Off", "OFF", "true", "True", "TRUE", "tRUE", "false", "False", "FALSE", "t", "f", "null", "Null", "NULL", "nULL", "~", "nil", "none", "0", "1", "-1", "+1", "-0", "+0", "00", "01", "017", "-017", "+017", "018", "08", "0o17", "0O17", "-0o17", "0o18", "0x1F",
        "0X1f", "-0x1F", "+0x1f", "0xg", "0x", "0b11", "0B11", "-0b11", "+0b11", "0b12", "0b", "0o", "1_000", "1__0", "1_", "_1", "0x_1", "0x1_f", "0b1_1", "0o1_7", "0_17", "1_000.5", "1,000", "12:30", "12:30:45", "1:2", "190:20:30", "190:20:30.15", "1.0", "1.5", "-1.5", "+1.5", ".5", "-.5", "+.5", "5.", "-5.", "1.5.6", "1e3", "1E3", "1e+3", "1e-3", "1.5e3", "1e", "e3", "1e3.5", ".e3", "1.e3", ".5e3",
        "1e400", "-1e400", "1e-400", ".inf", ".Inf", ".INF", "-.inf", "+.inf", ".iNF", "inf", "Infinity", "-Infinity", ".nan", ".NaN", ".NAN", "nan", "NaN", ".", "-", "+", "..", "-.", "+-1", "--1", "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "99999999999999999999", "0xFFFFFFFFFFFFFFFF", "0x7FFFFFFFFFFFFFFF", "0x1FFFFFFFFFFFFFFFF", "0777777777777777777777", "01777777777777777777777", "2001-01-01", "2001-1-1", "2001-01-01T00:00:00Z", "2001-01-01 00:00:00", "2001-01-01t00:00:00.5Z", "2001-01-01T00:00:00+01:00", "2001-13-01", "20010101", "=", "<<", "<", "1s", "1.5s", "5m", "100%", "a.b", "a/b", "1.2.3.4", "::1", "0.0.0.0:80", "*", "YQ==", "YQ", "true ", "1 ", "0x1F ", "1 2", "true false", "\u0661", "0.1", "0.10", "100000000000000000000.5", "3.14159265358979323846", "1E400",
        "0.0", "-0.0", "1e0", "0e0", "0x1p3", "0x1.8p1", "1f", "1L", "1d", "NULL ", "TRue", "oFF", "1e10", "1e21", "1e20", "123456789012345678", "1.0e+10", "0.000001", "0.0000001", "100000000000000000000000", "0b111111111111111111111111111111111111111111111111111111111111111111", "0o7777777777777777777777777",
    ];

    private static readonly string[] Tags = ["", "!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!binary ", "!!timestamp ", "! ", "!x ", "!!x ", "!!merge ", "!<tag:yaml.org,2002:int> "];

    public static IEnumerable<string> All =>
    [
        .. from word in Words
           from tag in Tags
           where tag.Length == 0 || word.Length < 7
           select $"{Indent}a: {tag}{word}\n",
        .. from word in Words
           from quote in Each("'")
           from tag in Tags.Where(tag => tag is "" or "!!int " or "!!bool " || word.Length < 3)
           where word.Length < 7
           select $"{Indent}a: {tag}{quote}{word}{quote}\n",
        .. from word in Words
           from form in Each("@: v", "a: [@]", "a: {@: v}", "? @\n        : v", "!!str @: v")
           where word.Length < 21
           select $"{Indent}{form.Replace("@", word, StringComparison.Ordinal)}\n",
    ];
}
