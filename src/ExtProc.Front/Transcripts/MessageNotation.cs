using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Envoy.Service.ExtProc.V3;
using Lines = Envoy.Config.Core.V3.HeaderMap;

namespace ExtProc.Front.Transcripts;

/// <summary>
/// How a transcript writes messages: <c>reqH reqB reqT resH resB resT</c> from Envoy, <c>reqh reqb reqt resh resb rest</c> the
/// answers; <c>(n)</c> body bytes, <c>e</c> the end of a stream.
/// </summary>
internal static class MessageNotation
{
    private const int LongestText = 64;

    public static string Of(ProcessingRequest message) => message.RequestCase switch
    {
        ProcessingRequest.RequestOneofCase.RequestHeaders => Headers("reqH", message.RequestHeaders),
        ProcessingRequest.RequestOneofCase.ResponseHeaders => Headers("resH", message.ResponseHeaders),
        ProcessingRequest.RequestOneofCase.RequestBody => Body("reqB", message.RequestBody),
        ProcessingRequest.RequestOneofCase.ResponseBody => Body("resB", message.ResponseBody),
        ProcessingRequest.RequestOneofCase.RequestTrailers => $"reqT {ListOf(message.RequestTrailers.Trailers)}",
        ProcessingRequest.RequestOneofCase.ResponseTrailers => $"resT {ListOf(message.ResponseTrailers.Trailers)}",
        _ => "unknown",
    } + Config(message) + (message.ObservabilityMode ? " observability" : "");

    public static string Of(ProcessingResponse message) => Member(message)
        + (message.ModeOverride is null ? "" : $" mode_override{{{ModesOf(message.ModeOverride)}}}")
        + (message.DynamicMetadata is null ? "" : $" metadata{message.DynamicMetadata}")
        + (message.OverrideMessageTimeout is null ? "" : $" timeout({message.OverrideMessageTimeout.ToTimeSpan().TotalSeconds.ToString(CultureInfo.InvariantCulture)}s)");

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestText)
        {
            return $"<{Number(bytes.Length)} bytes {Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 4))}>";
        }

        var text = new StringBuilder("\"");
        foreach (byte b in bytes)
        {
            text.Append(b is (byte)'"' or (byte)'\\' ? $"\\{(char)b}" : b is >= 0x20 and < 0x7f ? ((char)b).ToString() : $"\\x{b:x2}");
        }

        return text.Append('"').ToString();
    }

    private static string Member(ProcessingResponse message) => message.ResponseCase switch
    {
        ProcessingResponse.ResponseOneofCase.RequestHeaders => $"reqh{Common(message.RequestHeaders.Response)}",
        ProcessingResponse.ResponseOneofCase.ResponseHeaders => $"resh{Common(message.ResponseHeaders.Response)}",
        ProcessingResponse.ResponseOneofCase.RequestBody => $"reqb{Sized(message.RequestBody.Response)}{Common(message.RequestBody.Response)}",
        ProcessingResponse.ResponseOneofCase.ResponseBody => $"resb{Sized(message.ResponseBody.Response)}{Common(message.ResponseBody.Response)}",
        ProcessingResponse.ResponseOneofCase.RequestTrailers => $"reqt{Mutation(message.RequestTrailers.HeaderMutation)}",
        ProcessingResponse.ResponseOneofCase.ResponseTrailers => $"rest{Mutation(message.ResponseTrailers.HeaderMutation)}",
        ProcessingResponse.ResponseOneofCase.ImmediateResponse => Immediate(message.ImmediateResponse),
        ProcessingResponse.ResponseOneofCase.StreamedImmediateResponse => Local(message.StreamedImmediateResponse),
        _ => "no-oneof",
    };

    private static string Headers(string name, HttpHeaders headers)
    {
        string? status = headers.Headers.Headers.FirstOrDefault(header => header.Key == ":status")?.RawValue.ToStringUtf8();
        string marks = string.Join(",", ((string?[])[name == "resH" ? status : null, headers.EndOfStream ? "e" : null]).OfType<string>());
        return $"{name}{(marks.Length == 0 ? "" : $"({marks})")} {ListOf(headers.Headers)}";
    }

    private static string Body(string name, HttpBody body) => $"{name}({Number(body.Body.Length)}{(body.EndOfStream ? ",e" : "")}) {Text(body.Body.Span)}";

    private static string ListOf(Lines? map) => $"[{string.Join(" ", (map?.Headers ?? []).Select(header => $"{header.Key}={header.RawValue.ToStringUtf8()}"))}]";

    private static string Config(ProcessingRequest message) => message.ProtocolConfig is not { } config
        ? ""
        : $" protocol_config{{req={ModeNames.Of((BodySendMode)config.RequestBodyMode)} res={ModeNames.Of((BodySendMode)config.ResponseBodyMode)}{(config.SendBodyWithoutWaitingForHeaderResponse ? " without_waiting" : "")}}}";

    private static string Sized(CommonResponse? common) => common?.BodyMutation?.MutationCase switch
    {
        BodyMutation.MutationOneofCase.Body => $"({Number(common.BodyMutation.Body.Length)})",
        BodyMutation.MutationOneofCase.StreamedResponse => $"({Number(common.BodyMutation.StreamedResponse.Body.Length)}{(common.BodyMutation.StreamedResponse.EndOfStream ? ",e" : "")})",
        _ => "",
    };

    private static string Common(CommonResponse? common) => common is null ? "" : Mutation(common.HeaderMutation)
        + (common.Status is CommonResponse.Types.ResponseStatus.ContinueAndReplace ? " continue_and_replace" : "")
        + common.BodyMutation?.MutationCase switch
        {
            BodyMutation.MutationOneofCase.Body => $" body={Text(common.BodyMutation.Body.Span)}",
            BodyMutation.MutationOneofCase.StreamedResponse => $" streamed={Text(common.BodyMutation.StreamedResponse.Body.Span)}",
            null or BodyMutation.MutationOneofCase.None => "",
            _ => " clear_body",
        }
        + (common.ClearRouteCache ? " clear_route_cache" : "");

#pragma warning disable CS0612 // Envoy reads the old `append` and ignores `append_action`
    private static string Mutation(HeaderMutation? mutation) => mutation is null ? "" : " headers{" + string.Join(" ", mutation.RemoveHeaders.Select(name => $"-{name}")
        .Concat(mutation.SetHeaders.Select(option => $"{(option.Append == true ? "+" : "")}{option.Header.Key}={option.Header.RawValue.ToStringUtf8()}"))) + "}";
#pragma warning restore CS0612

    private static string Immediate(ImmediateResponse response) => $"immediate({Number((int)(response.Status?.Code ?? 0))}) {Text(response.Body.Span)}{Mutation(response.Headers)}"
        + (response.GrpcStatus is null ? "" : $" grpc_status={response.GrpcStatus.Status.ToString(CultureInfo.InvariantCulture)}")
        + (response.Details.Length == 0 ? "" : $" details={response.Details}");

    private static string Local(StreamedImmediateResponse local) => local.ResponseCase switch
    {
        StreamedImmediateResponse.ResponseOneofCase.HeadersResponse => $"LH{(local.HeadersResponse.EndOfStream ? "(e)" : "")} {ListOf(local.HeadersResponse.Headers)}",
        StreamedImmediateResponse.ResponseOneofCase.BodyResponse => $"LB({Number(local.BodyResponse.Body.Length)}{(local.BodyResponse.EndOfStream ? ",e" : "")}) {Text(local.BodyResponse.Body.Span)}",
        StreamedImmediateResponse.ResponseOneofCase.TrailersResponse => $"LT {ListOf(local.TrailersResponse)}",
        _ => "L-empty",
    };

    private static string ModesOf(global::Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode modes) => string.Join(" ", ((string[])
    [
        $"req={ModeNames.Of((BodySendMode)modes.RequestBodyMode)}",
        $"res={ModeNames.Of((BodySendMode)modes.ResponseBodyMode)}",
        modes.RequestTrailerMode is 0 ? "" : $"request_trailers={((HeaderSendMode)modes.RequestTrailerMode).ToString().ToUpperInvariant()}",
        modes.ResponseTrailerMode is 0 ? "" : $"response_trailers={((HeaderSendMode)modes.ResponseTrailerMode).ToString().ToUpperInvariant()}",
    ]).Where(part => part.Length > 0));
}
