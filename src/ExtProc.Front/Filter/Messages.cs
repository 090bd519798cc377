using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Lines = Envoy.Config.Core.V3.HeaderMap;
using WireBodyMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace ExtProc.Front.Filter;

/// <summary>Builds what the filter sends: values in <c>raw_value</c>, modes in the stream's first message, attributes in a direction's first.</summary>
internal sealed class Messages(FilterSettings settings)
{
    private const string AttributesKey = "envoy.filters.http.ext_proc";

    private bool _streamHasBegun, _requestHasBegun, _responseHasBegun;

    public ProcessingRequest Headers(Direction direction, IEnumerable<KeyValuePair<string, string>> lines, bool end)
    {
        var headers = new HttpHeaders { Headers = MapOf(lines), EndOfStream = end };
        return Furnished(direction, direction is Direction.Request ? new() { RequestHeaders = headers } : new() { ResponseHeaders = headers });
    }

    public ProcessingRequest Body(Direction direction, ReadOnlyMemory<byte> bytes, bool end)
    {
        // The filter never changes bytes that it was given, and neither does the caller once it has given them.
        var body = new HttpBody { Body = UnsafeByteOperations.UnsafeWrap(bytes), EndOfStream = end };
        return Furnished(direction, direction is Direction.Request ? new() { RequestBody = body } : new() { ResponseBody = body });
    }

    public ProcessingRequest Trailers(Direction direction, IEnumerable<KeyValuePair<string, string>> lines)
    {
        var trailers = new HttpTrailers { Trailers = MapOf(lines) };
        return Furnished(direction, direction is Direction.Request ? new() { RequestTrailers = trailers } : new() { ResponseTrailers = trailers });
    }

    private ProcessingRequest Furnished(Direction direction, ProcessingRequest message)
    {
        message.ObservabilityMode = settings.ObservabilityMode;
        message.MetadataContext = settings.Metadata();
        if (IsFirstOf(direction) && settings.Attributes(direction) is { Fields.Count: > 0 } attributes)
        {
            message.Attributes[AttributesKey] = attributes;
        }

        if (!_streamHasBegun && settings.SaysModes && !settings.ObservabilityMode)
        {
            message.ProtocolConfig = new()
            {
                RequestBodyMode = (WireBodyMode)settings.Modes.RequestBodyMode,
                ResponseBodyMode = (WireBodyMode)settings.Modes.ResponseBodyMode,
                SendBodyWithoutWaitingForHeaderResponse = settings.SendBodyWithoutWaitingForHeaderResponse,
            };
        }

        _streamHasBegun = true;
        return message;
    }

    private bool IsFirstOf(Direction direction)
    {
        ref bool hasBegun = ref direction is Direction.Request ? ref _requestHasBegun : ref _responseHasBegun;
        bool isFirst = !hasBegun;
        hasBegun = true;
        return isFirst;
    }

    private Lines MapOf(IEnumerable<KeyValuePair<string, string>> lines)
    {
        var map = new Lines();
        foreach ((string name, string value) in lines.Where(line => settings.IsForwarded(line.Key)))
        {
            map.Headers.Add(new global::Envoy.Config.Core.V3.HeaderValue { Key = name, RawValue = ByteString.CopyFromUtf8(value) });
        }

        return map;
    }
}
