using System.Globalization;

namespace PolicyValidator.Rules;

/// <summary>A release of a product around Envoy, such as Envoy Gateway 1.4.1.</summary>
public readonly record struct ProductVersion(int Major, int Minor, int Patch) : IComparable<ProductVersion>
{
    /// <summary>Its release line: <c>1.4</c>.</summary>
    public string Line => $"{Major}.{Minor}";

    /// <summary>Whether its release line is a later one.</summary>
    public bool IsLineAfter(ProductVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor)) > 0;

    /// <summary>Reads <c>1.4.1</c>, or <c>1.4</c> as <c>1.4.0</c>; null for anything else.</summary>
    public static ProductVersion? TryParse(string text)
    {
        string[] parts = text.Split('.');
        int[] numbers = new int[3];
        for (int at = 0; at < parts.Length; at++)
        {
            if (parts.Length is < 2 or > 3 || parts[at].Length > 4 || !int.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[at]))
            {
                return null;
            }
        }

        return new(numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>Reads <c>1.4.1</c>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ProductVersion Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is not a version");

    /// <inheritdoc/>
    public int CompareTo(ProductVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <summary>Earlier.</summary>
    public static bool operator <(ProductVersion left, ProductVersion right) => left.CompareTo(right) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(ProductVersion left, ProductVersion right) => left.CompareTo(right) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(ProductVersion left, ProductVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(ProductVersion left, ProductVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"{Major}.{Minor}.{Patch}";
}
