using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>Whether Envoy sends headers or trailers to the processor.</summary>
public enum SendMode
{
    /// <summary>Envoy's default for the part: headers are sent, trailers are not.</summary>
    Default,

    /// <summary>Sent.</summary>
    Send,

    /// <summary>Not sent.</summary>
    Skip,
}

/// <summary>How Envoy sends a body to the processor.</summary>
public enum BodyMode
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Piece by piece, each answered once.</summary>
    Streamed,

    /// <summary>Whole.</summary>
    Buffered,

    /// <summary>Whole, or as much as fits into the buffer.</summary>
    BufferedPartial,

    /// <summary>Piece by piece, answered freely.</summary>
    FullDuplexStreamed,
}

/// <summary>The six modes of <c>envoy.extensions.filters.http.ext_proc.v3.ProcessingMode</c>.</summary>
public sealed record EnvoyProcessingMode
{
    public SendMode RequestHeaders { get; init; }

    public SendMode ResponseHeaders { get; init; }

    public BodyMode RequestBody { get; init; }

    public BodyMode ResponseBody { get; init; }

    public SendMode RequestTrailers { get; init; }

    public SendMode ResponseTrailers { get; init; }

    /// <summary>Both directions alike, headers and trailers sent.</summary>
    public static EnvoyProcessingMode Both(BodyMode body) => Of(body, body);

    /// <summary>A body mode for each direction, headers and trailers sent.</summary>
    public static EnvoyProcessingMode Of(BodyMode request, BodyMode response) => new()
    {
        RequestHeaders = SendMode.Send,
        ResponseHeaders = SendMode.Send,
        RequestBody = request,
        ResponseBody = response,
        RequestTrailers = SendMode.Send,
        ResponseTrailers = SendMode.Send,
    };

    /// <summary>The protobuf name of a body mode.</summary>
    public static string NameOf(BodyMode mode) => mode switch
    {
        BodyMode.None => "NONE",
        BodyMode.Streamed => "STREAMED",
        BodyMode.Buffered => "BUFFERED",
        BodyMode.BufferedPartial => "BUFFERED_PARTIAL",
        BodyMode.FullDuplexStreamed => "FULL_DUPLEX_STREAMED",
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "not a body mode"),
    };

    /// <summary>The message as JSON; what is at its default is left out.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        AddSend(json, "request_header_mode", RequestHeaders);
        AddSend(json, "response_header_mode", ResponseHeaders);
        AddBody(json, "request_body_mode", RequestBody);
        AddBody(json, "response_body_mode", ResponseBody);
        AddSend(json, "request_trailer_mode", RequestTrailers);
        AddSend(json, "response_trailer_mode", ResponseTrailers);
        return json;
    }

    private static void AddSend(JsonObject json, string name, SendMode mode)
    {
        if (mode != SendMode.Default)
        {
            json[name] = mode.ToString().ToUpperInvariant();
        }
    }

    private static void AddBody(JsonObject json, string name, BodyMode mode)
    {
        if (mode != BodyMode.None)
        {
            json[name] = NameOf(mode);
        }
    }
}
