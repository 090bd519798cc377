using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExtProc.Front.Http;

/// <summary>
/// Attributes of an exchange, by their names in Envoy, with the types that Envoy gives them. Those that an app cannot know are absent,
/// as names that Envoy does not know are.
/// </summary>
internal sealed class AttributeValues(HttpContext context, IReadOnlyList<KeyValuePair<string, string>> requestLines, TimeProvider time)
{
    private readonly DateTimeOffset _began = time.GetUtcNow();
    private readonly IHttpConnectionFeature? _connection = context.Features.Get<IHttpConnectionFeature>();
    private readonly string _protocol = context.Request.Protocol;

    /// <summary>The values of these names; null: none has one.</summary>
    public Struct? Of(IEnumerable<string> names, int? responseStatus)
    {
        var found = new Struct();
        foreach (string name in names)
        {
            if (Text(name) is { } text)
            {
                found.Fields[name] = Value.ForString(text);
            }
            else if (Number(name, responseStatus) is { } number)
            {
                found.Fields[name] = Value.ForNumber(number);
            }
        }

        return found.Fields.Count == 0 ? null : found;
    }

    private string? Text(string name) => name switch
    {
        "request.path" => Line(":path"),
        "request.url_path" => Line(":path")?.Split('?')[0],
        "request.query" => Line(":path")?.Split('?', 2).ElementAtOrDefault(1) ?? "",
        "request.host" => Line(":authority"),
        "request.scheme" => Line(":scheme"),
        "request.method" => Line(":method"),
        "request.useragent" => Line("user-agent"),
        "request.referer" => Line("referer"),
        "request.id" => Line("x-request-id"),
        "request.protocol" => _protocol,
        "request.time" => _began.ToString("yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture),
        "source.address" => Address(_connection?.RemoteIpAddress, _connection?.RemotePort),
        "destination.address" => Address(_connection?.LocalIpAddress, _connection?.LocalPort),
        "connection.requested_server_name" => context.Features.Get<ITlsHandshakeFeature>()?.HostName ?? "",
        _ => null,
    };

    private double? Number(string name, int? responseStatus) => name switch
    {
        "source.port" => _connection?.RemotePort,
        "destination.port" => _connection?.LocalPort,
        "request.size" => long.TryParse(Line("content-length"), CultureInfo.InvariantCulture, out long length) ? length : 0,
        "response.code" => responseStatus,
        _ => null,
    };

    private string? Line(string name) => HeaderLines.Last(requestLines, name);

    private static string? Address(System.Net.IPAddress? address, int? port) => address is null ? null : new System.Net.IPEndPoint(address, port ?? 0).ToString();
}
