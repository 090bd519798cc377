using System.Globalization;
using ExtProc.Configuration;
using ExtProc.Protocol;

namespace ExtProc.Session;

/// <summary>What HTTP asks of headers when a body changes (RFC 9110 sections 6.4, 8.6, 8.8.3; RFC 9530).</summary>
internal static class BodyRules
{
    private static readonly string[] Digests = ["etag", "content-md5", "digest", "content-digest", "repr-digest"];

    /// <summary>
    /// The body may leave with another length than it came: nobody must rely on what was said of it. Envoy drops content-length
    /// itself unless <c>allow_content_length_header</c> is set, and then a wrong one smuggles requests, also one that was not shown.
    /// </summary>
    /// <exception cref="ExchangeRefusedException">Envoy neither drops the length nor lets it be changed.</exception>
    public static void ForgetLengthAndDigests(HeaderMap headers, EnvoyDeclaration envoy)
    {
        if (envoy.MutationRules.DisallowAll)
        {
            RequireDropped(envoy);
            return; // with disallow_is_error even a removal fails the exchange
        }

        if (envoy.AllowContentLengthHeader)
        {
            headers.ChangeUnchecked(HeaderChangeKind.Remove, "content-length");
        }
        else
        {
            RemoveIfThere(headers, "content-length");
        }

        ForgetDigests(headers);
    }

    /// <summary>The body was changed while Envoy still has its headers.</summary>
    /// <exception cref="ExchangeRefusedException">Its length was changed, and Envoy lets no header be.</exception>
    public static void SetLength(HeaderMap headers, long length, bool isExact, EnvoyDeclaration envoy)
    {
        if (envoy.MutationRules.DisallowAll)
        {
            RequireSameLength(headers, length, isExact, envoy);
            return;
        }

        // Without sight of content-length it may still be there (forward_rules can hide it), and a wrong one fails closed.
        if (isExact && headers.Contains("content-length"))
        {
            headers.ChangeUnchecked(HeaderChangeKind.Set, "content-length", length.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            headers.ChangeUnchecked(HeaderChangeKind.Remove, "content-length");
        }

        ForgetDigests(headers);
    }

    /// <summary>Why a message has no body by definition; null when it may have one.</summary>
    public static string? WhyNoBody(Exchange exchange, Direction direction) =>
        direction is Direction.Response && (exchange.Status is 204 or 304 || exchange.Method == "HEAD")
            ? $"a response {(exchange.Method == "HEAD" ? "to HEAD" : $"with status {exchange.Status}")} has no body; change :status, or answer with Verdict.Respond"
            : null;

    private static void RequireSameLength(HeaderMap headers, long length, bool isExact, EnvoyDeclaration envoy)
    {
        if (!isExact)
        {
            RequireDropped(envoy);
        }
        else if (headers["content-length"] is { } came && came != length.ToString(CultureInfo.InvariantCulture))
        {
            throw new ExchangeRefusedException(Reasons.HeaderProtected, $"the body came with content-length {came} and has {length} bytes now, which Envoy refuses, and envoy.mutationRules.disallowAll keeps content-length as it is; allow header changes, or use FULL_DUPLEX_STREAMED");
        }
    }

    private static void RequireDropped(EnvoyDeclaration envoy)
    {
        if (envoy.AllowContentLengthHeader)
        {
            throw new ExchangeRefusedException(Reasons.HeaderProtected, "the body may leave with another length, and Envoy is declared to keep content-length (allowContentLengthHeader) and to let no header be changed (mutationRules.disallowAll); drop one of the two");
        }
    }

    private static void ForgetDigests(HeaderMap headers)
    {
        foreach (string name in Digests)
        {
            RemoveIfThere(headers, name);
        }
    }

    private static void RemoveIfThere(HeaderMap headers, string name)
    {
        if (headers.Contains(name))
        {
            headers.ChangeUnchecked(HeaderChangeKind.Remove, name);
        }
    }
}
