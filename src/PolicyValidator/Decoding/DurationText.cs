using System.Buffers;
using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Decoding;

/// <summary>Durations in protobuf's JSON form: <c>"1.5s"</c> and nothing shorter, longer or friendlier.</summary>
internal static class DurationText
{
    private const long MaxSeconds = 315_576_000_000;

    private static readonly SearchValues<char> IntegerLetters = SearchValues.Create("-0123456789");

    /// <summary>Reads a duration; the problem is null when it is one.</summary>
    public static (ConfigDuration Value, string? Problem) Read(string text)
    {
        if (!text.EndsWith('s'))
        {
            return (default, "a duration must end with a single 's'");
        }

        ReadOnlySpan<char> number = text.AsSpan(0, text.Length - 1);
        int whole = number.IndexOfAnyExcept(IntegerLetters);
        whole = whole < 0 ? number.Length : whole;
        if (whole == 0 || NumberText.Integer(number[..whole]) is not { } seconds)
        {
            return (default, "a duration must start with a whole number of seconds");
        }

        ReadOnlySpan<char> fraction = number[whole..];
        bool isFraction = fraction is ['.', .. { Length: >= 1 and <= 9 } digits] && !digits.ContainsAnyExceptInRange('0', '9');
        if (fraction.Length > 0 && !isFraction)
        {
            return (default, "a fraction of a second is a point and 1 to 9 digits");
        }

        if (seconds < -MaxSeconds || seconds > MaxSeconds)
        {
            return (default, $"a duration must be within {MaxSeconds} seconds");
        }

        int nanos = fraction.Length == 0 ? 0 : int.Parse(fraction[1..].ToString().PadRight(9, '0'), CultureInfo.InvariantCulture);
        return (new((long)seconds, number[0] == '-' ? -nanos : nanos), null);
    }
}
