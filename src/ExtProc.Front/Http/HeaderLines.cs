using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Line = System.Collections.Generic.KeyValuePair<string, string>;

namespace ExtProc.Front.Http;

/// <summary>Lines of headers or trailers to and from ASP.NET Core's dictionaries.</summary>
internal static class HeaderLines
{
    /// <summary>A line for each value, names in lower case.</summary>
    public static IEnumerable<Line> Of(IHeaderDictionary headers) =>
        headers.SelectMany(header => header.Value, (header, value) => new Line(header.Key.ToLowerInvariant(), value ?? ""));

    /// <summary>Adds lines in their order; pseudo headers are left out.</summary>
    public static void Put(IHeaderDictionary headers, IEnumerable<Line> lines)
    {
        foreach ((string name, string value) in lines.Where(line => !line.Key.StartsWith(':')))
        {
            headers[name] = headers.TryGetValue(name, out StringValues values) ? StringValues.Concat(values, value) : value;
        }
    }

    /// <summary>The last value of a line; null: there is none.</summary>
    public static string? Last(IReadOnlyList<Line> lines, string name) => lines.LastOrDefault(line => line.Key == name).Value;
}
