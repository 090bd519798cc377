using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Testing.Imitation;

/// <summary>Builds what Envoy sends.</summary>
internal static class Messages
{
    private const string AttributesKey = "envoy.filters.http.ext_proc";

    public static ProcessingRequest Headers(Direction direction, IEnumerable<KeyValuePair<string, string>> lines, bool end)
    {
        var headers = new HttpHeaders { Headers = MapOf(lines), EndOfStream = end };
        return direction is Direction.Request ? new() { RequestHeaders = headers } : new() { ResponseHeaders = headers };
    }

    public static ProcessingRequest Body(Direction direction, ReadOnlyMemory<byte> bytes, bool end)
    {
        var body = new HttpBody { Body = ByteString.CopyFrom(bytes.Span), EndOfStream = end };
        return direction is Direction.Request ? new() { RequestBody = body } : new() { ResponseBody = body };
    }

    public static ProcessingRequest Trailers(Direction direction, IEnumerable<KeyValuePair<string, string>> lines)
    {
        var trailers = new HttpTrailers { Trailers = MapOf(lines) };
        return direction is Direction.Request ? new() { RequestTrailers = trailers } : new() { ResponseTrailers = trailers };
    }

    /// <summary>What only some messages carry: modes in the stream's first, attributes in a direction's first, metadata in all.</summary>
    /// <param name="message">The message.</param>
    /// <param name="settings">What is played.</param>
    /// <param name="written">The metadata that the server wrote so far.</param>
    /// <param name="firstOfStream">Whether it is the stream's first message.</param>
    /// <param name="firstOfDirection">Whether it is its direction's first message.</param>
    public static void Furnish(ProcessingRequest message, PlaySettings settings, Struct written, bool firstOfStream, bool firstOfDirection)
    {
        bool observed = settings.Envoy.ObservabilityMode;
        message.ObservabilityMode = observed;
        message.MetadataContext = new Metadata();
        foreach ((string name, string json) in settings.Metadata)
        {
            message.MetadataContext.FilterMetadata[name] = Struct.Parser.ParseJson(json);
        }

        foreach (string name in settings.Envoy.ForwardingNamespaces ?? [])
        {
            if (written.Fields.TryGetValue(name, out Value? value))
            {
                message.MetadataContext.FilterMetadata[name] = value.StructValue;
            }
        }

        if (firstOfDirection && settings.Attributes.Count > 0)
        {
            var attributes = new Struct();
            foreach ((string name, string value) in settings.Attributes)
            {
                attributes.Fields[name] = Value.ForString(value);
            }

            message.Attributes[AttributesKey] = attributes;
        }

        if (firstOfStream && settings.SaysModes && !observed)
        {
            message.ProtocolConfig = new()
            {
                RequestBodyMode = ModeOf(settings.Modes.RequestBodyMode),
                ResponseBodyMode = ModeOf(settings.Modes.ResponseBodyMode),
                SendBodyWithoutWaitingForHeaderResponse = settings.Envoy.SendBodyWithoutWaitingForHeaderResponse,
            };
        }
    }

    private static global::Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode ModeOf(BodySendMode mode) =>
        (global::Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode)mode;

    private static global::Envoy.Config.Core.V3.HeaderMap MapOf(IEnumerable<KeyValuePair<string, string>> lines)
    {
        var map = new global::Envoy.Config.Core.V3.HeaderMap();
        foreach ((string name, string value) in lines)
        {
            map.Headers.Add(new HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8(value) });
        }

        return map;
    }
}
