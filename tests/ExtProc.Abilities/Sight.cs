using System.Text;
using ExtProc.Testing;

namespace ExtProc.Abilities;

/// <summary>
/// What client and upstream see of an exchange, as text that can be compared: what may differ from run to run, or between an Envoy and its
/// imitation for reasons of their own, is left out.
/// </summary>
public static class Sight
{
    private static readonly string[] Telling = ["content-type", "content-encoding", "content-digest", "repr-digest", "etag", "set-cookie", "grpc-status", "grpc-message", "retry-after"];

    public static string Of(Seen seen) =>
        Of("client", seen.Client.Status is { } status ? $"{status}" : "none", seen.Client.Headers, seen.Client.BodyBytes.Span, seen.Client.Trailers, seen.Client.EndedCleanly)
        + Of("upstream", $"{seen.Upstream.Method} {seen.Upstream.Path}", seen.Upstream.Headers, seen.Upstream.BodyBytes.Span, seen.Upstream.Trailers, seen.Upstream.EndedCleanly);

    /// <param name="who">Client or upstream.</param>
    /// <param name="first">A response's status, or a request's method and path.</param>
    /// <param name="headers">All header lines.</param>
    /// <param name="body">What came of the body.</param>
    /// <param name="trailers">All trailer lines.</param>
    /// <param name="isWhole">Whether its end came. How far a message came that was broken off is a matter of time.</param>
    public static string Of(string who, string first, IEnumerable<KeyValuePair<string, string>> headers, ReadOnlySpan<byte> body, IEnumerable<KeyValuePair<string, string>> trailers, bool isWhole)
    {
        if (!isWhole)
        {
            return $"{who}: never whole\n";
        }

        string lines = string.Concat(headers.Where(line => IsTelling(line.Key)).OrderBy(line => line.Key, StringComparer.Ordinal).Select(Line));
        return $"{who}: {first}\n{lines}  {Body(body)}\n{string.Concat(trailers.Where(line => IsTelling(line.Key)).OrderBy(line => line.Key, StringComparer.Ordinal).Select(Line))}";
    }

    private static string Line(KeyValuePair<string, string> line) => $"  {line.Key}: {line.Value}\n";

    private static string Body(ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder($"{body.Length} bytes \"");
        foreach (byte b in body)
        {
            text.Append(b is >= (byte)' ' and < 0x7f and not (byte)'\\' and not (byte)'"' ? ((char)b).ToString() : $"\\x{b:x2}");
        }

        return text.Append('"').ToString();
    }

    private static bool IsTelling(string name) => Array.IndexOf(Telling, name) >= 0
        || (name.StartsWith("x-", StringComparison.Ordinal) && !name.StartsWith("x-envoy-", StringComparison.Ordinal)
            && name is not ("x-forwarded-proto" or "x-forwarded-for" or "x-request-id" or "x-test-id" or "x-acts"));
}
