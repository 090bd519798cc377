using System.Runtime.CompilerServices;

namespace PolicyValidator.Expressions.Re2;

/// <summary>The numbers of <c>{2}</c>, <c>{2,}</c> and <c>{2,4}</c>.</summary>
internal readonly record struct RepetitionCount(int Min, int Max)
{
    /// <summary>How often a thing may be repeated, repetitions inside repetitions multiplied.</summary>
    public const int Limit = 1000;

    // A larger number is not read as a repetition at all.
    private const int LargestRead = 100_000_000;

    /// <summary>Whether both numbers are in order and within the limit.</summary>
    public bool IsAllowed => (Max == Regexp.Unbounded || Max >= Min) && Min <= Limit && Max <= Limit;

    /// <summary>Reads a repetition, or nothing: a <c>{</c> that does not begin one is a literal.</summary>
    public static RepetitionCount? TryParse(PatternText text)
    {
        int begin = text.Position;
        text.Take();
        RepetitionCount? count = Numbers(text) is { } numbers && text.Peek() == '}' ? numbers : null;
        text.Position = count is null ? begin : text.Position + 1;
        return count;
    }

    /// <summary>What is left of <paramref name="allowance"/> copies inside the innermost repetition; 0 when they are used up.</summary>
    public static int Remaining(Regexp node, int allowance)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (node.Op == RegexpOp.Repeat)
        {
            int copies = node.Max == Regexp.Unbounded ? node.Min : node.Max;
            allowance = copies > 0 ? allowance / copies : allowance;
        }

        return node.Subs.Count == 0 ? allowance : Math.Min(allowance, node.Subs.Min(sub => Remaining(sub, allowance)));
    }

    private static RepetitionCount? Numbers(PatternText text)
    {
        if (Number(text) is not { } min)
        {
            return null;
        }

        if (text.Peek() != ',')
        {
            return new(min, min);
        }

        text.Take();
        return text.Peek() == '}' ? new(min, Regexp.Unbounded)
            : Number(text) is { } max ? new(min, max)
            : null;
    }

    private static int? Number(PatternText text)
    {
        if (!IsDigit(text.Peek()) || (text.Peek() == '0' && IsDigit(text.Peek(1))))
        {
            return null;
        }

        int number = 0;
        while (IsDigit(text.Peek()))
        {
            if (number >= LargestRead)
            {
                return null;
            }

            number = (number * 10) + text.Take() - '0';
        }

        return number;
    }

    private static bool IsDigit(int rune) => rune is >= '0' and <= '9';
}
