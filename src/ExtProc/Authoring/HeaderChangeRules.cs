using ExtProc.Configuration;
using ExtProc.Protocol;

namespace ExtProc;

/// <summary>
/// What Envoy would refuse or leave out, said where it is asked for: Envoy's limits fail closed, and its protected headers are left
/// out in silence. Source: <c>envoy.config.common.mutation_rules.v3.HeaderMutationRules</c> and Envoy's mutation limits.
/// </summary>
internal sealed class HeaderChangeRules(string what, MutationRules mutationRules, ExchangeLimits limits, Exchange? exchange = null)
{
    private static readonly string[] Routing = [":authority", ":scheme", ":method", "host"];

    /// <summary>Why changes are refused now although the headers came, such as the mode; for the message.</summary>
    public string ClosedBecause { get; set; } = "";

    public void Check(HeaderMap map, HeaderChangeKind kind, string name)
    {
        exchange?.RequireChangeable();
        if (!map.IsReceived)
        {
            throw new ExchangeRefusedException(Reasons.HeadersAbsent, $"\"{name}\" cannot be changed: {what} have not come, and {Uninvented}");
        }

        if (!map.IsOpen)
        {
            throw new ExchangeRefusedException(Reasons.HeadersGone, $"\"{name}\" cannot be changed: {what} have gone to Envoy{ClosedBecause}");
        }

        if (Protection(mutationRules, kind, name) is { } why)
        {
            string end = mutationRules.DisallowIsError ? " (disallow_is_error: Envoy would fail the exchange)" : "";
            throw new ExchangeRefusedException(Reasons.HeaderProtected, $"\"{name}\" of {what} cannot be {Done(kind)}: {why}{end}");
        }
    }

    public void CheckSize(HeaderMap map)
    {
        if (map.ChangeCount <= 4 && limits.HeaderCount >= 100)
        {
            return; // a handful of changes cannot exceed what Envoy itself has let in; measured again before sending
        }

        Require(map);
    }

    /// <exception cref="ExchangeRefusedException">There are more lines, changes or bytes than Envoy takes.</exception>
    public void Require(HeaderMap map)
    {
        (int lines, int bytes) = map.Measure();
        if (lines > limits.HeaderCount || map.ChangeCount > limits.HeaderCount)
        {
            throw new ExchangeRefusedException(Reasons.HeaderLimit, $"{what} would have {Math.Max(lines, map.ChangeCount)} lines or changes; Envoy takes {limits.HeaderCount} (limits.headerCount, Envoy's max_headers_count)");
        }

        if (bytes > limits.HeaderBytes)
        {
            throw new ExchangeRefusedException(Reasons.HeaderLimit, $"{what} would take {bytes} bytes; Envoy takes {limits.HeaderBytes} (limits.headerBytes, Envoy's max_request_headers_kb)");
        }
    }

    private string Uninvented => what.EndsWith("trailers", StringComparison.Ordinal)
        ? "trailers that a peer did not send cannot be invented: the exchange hangs in Envoy 1.38 to 1.40"
        : "Envoy cannot be given headers that it did not show";

    /// <summary>Why a header cannot be changed whatever the exchange; null when it can. The name is in lower case.</summary>
    public static string? Protection(MutationRules mutationRules, HeaderChangeKind kind, string name)
    {
        if (mutationRules.DisallowAll)
        {
            return "envoy.mutationRules.disallowAll is declared";
        }

        bool isSystem = name[0] == ':' || name == "host";
        if (isSystem && kind is HeaderChangeKind.Remove)
        {
            return "Envoy never removes it";
        }

        if (name[0] == ':' && kind is HeaderChangeKind.Append)
        {
            return "Envoy never appends to it; set it";
        }

        if (isSystem && mutationRules.DisallowSystem)
        {
            return "envoy.mutationRules.disallowSystem is declared";
        }

        if (!mutationRules.AllowAllRouting && Array.IndexOf(Routing, name) >= 0)
        {
            return "Envoy lets it be set only with mutation_rules.allow_all_routing; declare envoy.mutationRules.allowAllRouting when that is so";
        }

        if (!mutationRules.AllowEnvoy && name.StartsWith("x-envoy-", StringComparison.Ordinal))
        {
            return "Envoy lets x-envoy- headers be changed only with mutation_rules.allow_envoy; declare envoy.mutationRules.allowEnvoy when that is so";
        }

        return name switch
        {
            "content-length" or "transfer-encoding" => "this server keeps the length right itself; change the body, and it follows",
            "connection" or "keep-alive" or "upgrade" or "proxy-connection" when kind is not HeaderChangeKind.Remove => "it belongs to the connection, which Envoy owns",
            _ => null,
        };
    }

    /// <summary>What was to be done to a header, for messages.</summary>
    public static string Done(HeaderChangeKind kind) => kind switch
    {
        HeaderChangeKind.Remove => "removed",
        HeaderChangeKind.Append => "appended to",
        _ => "set",
    };
}
