using System.Globalization;
using ExtProc.Configuration.Reading;

namespace ExtProc.Configuration.Binding;

/// <summary>The types that are written as one value, and how each is read.</summary>
internal static class ScalarTypes
{
    private static readonly Dictionary<Type, Func<string, object>> Readers = new()
    {
        [typeof(string)] = text => text,
        [typeof(bool)] = text => text switch
        {
            "true" or "True" or "TRUE" => true,
            "false" or "False" or "FALSE" => false,
            _ => throw new FormatException($"\"{ConfigScalar.Shorten(text)}\" is neither true nor false"),
        },
        [typeof(int)] = text => (int)Whole(text, int.MinValue, int.MaxValue),
        [typeof(long)] = text => Whole(text, long.MinValue, long.MaxValue),
        [typeof(double)] = text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"\"{ConfigScalar.Shorten(text)}\" is no number"),
        [typeof(TimeSpan)] = text => Quantity.ParseDuration(text),
        [typeof(Version)] = text => Version.TryParse(text, out var version)
            ? version
            : throw new FormatException($"\"{ConfigScalar.Shorten(text)}\" is no version; write numbers with dots between, such as 1.40.0"),
        [typeof(Uri)] = text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && text.Contains("://", StringComparison.Ordinal) // else a path is a file's URI
            ? uri
            : throw new FormatException($"\"{ConfigScalar.Shorten(text)}\" is no absolute URI, such as http://127.0.0.1:8080/"),
        [typeof(ListenAddress)] = ListenAddress.Parse,
    };

    /// <summary>Whether the type is written as one value.</summary>
    public static bool Knows(Type type) => type.IsEnum || Readers.ContainsKey(type);

    /// <summary>Reads a value.</summary>
    /// <param name="text">As it was written.</param>
    /// <param name="type">What is wanted.</param>
    /// <param name="isSize">Whether a number may have a unit of bytes.</param>
    /// <exception cref="FormatException">With the whole message.</exception>
    public static object Parse(string text, Type type, bool isSize = false) => (isSize, type) switch
    {
        (true, _) when type == typeof(int) => Quantity.ParseSize(text) is <= int.MaxValue and var bytes
            ? (int)bytes
            : throw new FormatException($"\"{text}\" is too large; the most is {Quantity.FormatSize(int.MaxValue)}"),
        (true, _) => Quantity.ParseSize(text),
        (_, { IsEnum: true }) => EnumNames.Parse(type, text),
        _ => Readers[type](text),
    };

    /// <summary>A value as it is written.</summary>
    public static string Format(object value, bool isSize = false) => value switch
    {
        TimeSpan duration => Quantity.Format(duration),
        int or long when isSize => Quantity.FormatSize(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        bool truth => truth ? "true" : "false",
        Enum name => EnumNames.Of(name),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>How the documentation calls the type.</summary>
    public static string NameOf(Type type, bool isSize = false) => type switch
    {
        _ when isSize => "size",
        { IsEnum: true } => string.Join(" \\| ", EnumNames.All(type)),
        _ when type == typeof(string) => "text",
        _ when type == typeof(bool) => "true \\| false",
        _ when type == typeof(TimeSpan) => "duration",
        _ when type == typeof(ListenAddress) => "address:port",
        _ when type == typeof(int) || type == typeof(long) || type == typeof(double) => "number",
        _ => type.Name.ToLowerInvariant(),
    };

    private static long Whole(string text, long least, long most) =>
        !decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number)
            ? throw new FormatException($"\"{ConfigScalar.Shorten(text)}\" is no whole number")
            : number >= least && number <= most
                ? (long)number
                : throw new FormatException($"\"{ConfigScalar.Shorten(text)}\" is too {(number < 0 ? "small" : "large")}; the {(number < 0 ? "least" : "most")} is {(number < 0 ? least : most)}");
}
