using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using BodyMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using Modes = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode;
using Status = Grpc.Core.Status;

namespace ExtProc.EndToEnd.Front;

/// <summary>What a server does wrong, or unusually, to one message.</summary>
public enum Mischief
{
    None,
    AnswerTwice,
    AnswerOtherDirection,
    AnswerAnotherPart,
    SayNothing,
    Respond,
    RespondInParts,
    EndWithOk,
    Fail,
    StreamedBodyElsewhere,
    PlainBodyInDuplex,
    Replace,
    ReplaceInParts,
    SetForbiddenHeaders,
    SetInvalidHeader,
    SetTooManyHeaders,
    SetValueOnly,
    SetContentLength,
    ClearBody,
    ChangeLength,
    OverrideModes,
    OverrideModesAlone,
    AnswerTrailersEarly,
    AskForTime,
    ChangeHeadersInBody,
    AppendHeaders,
    RemoveHeaders,
}

/// <summary>The answers of one stream: right ones, and one that is not, to the first message of the kind that was asked for.</summary>
internal sealed class UnrulyPlan
{
    private const string Header = "x-unruly";

    private readonly Mischief _mischief;
    private readonly ProcessingRequest.RequestOneofCase _at;
    private BodyMode _request, _response;
    private bool _isDone;

    private UnrulyPlan(Mischief mischief, ProcessingRequest.RequestOneofCase at, BodyMode request, BodyMode response) => (_mischief, _at, _request, _response) = (mischief, at, request, response);

    /// <summary>How the stream ends, if it does from here.</summary>
    public Status? End { get; private set; }

    /// <summary>As a request header says it.</summary>
    public static (string Name, string Value) HeaderOf(Mischief mischief, ProcessingRequest.RequestOneofCase at) => (Header, $"{mischief} {at}");

    /// <summary>The plan that a stream's first message asks for.</summary>
    public static UnrulyPlan Of(ProcessingRequest first)
    {
        string[] words = (first.RequestHeaders?.Headers.Headers.FirstOrDefault(header => header.Key == Header)?.RawValue.ToStringUtf8() ?? "None None").Split(' ');
        return new(System.Enum.Parse<Mischief>(words[0]), System.Enum.Parse<ProcessingRequest.RequestOneofCase>(words[1]), first.ProtocolConfig.RequestBodyMode, first.ProtocolConfig.ResponseBodyMode);
    }

    public IEnumerable<ProcessingResponse> Answer(ProcessingRequest message)
    {
        ProcessingResponse right = Right(message);
        if (_isDone || message.RequestCase != _at)
        {
            return [right];
        }

        _isDone = true;
        return Wrong(message, right);
    }

    private static bool IsRequest(ProcessingRequest message) => message.RequestCase
        is ProcessingRequest.RequestOneofCase.RequestHeaders or ProcessingRequest.RequestOneofCase.RequestBody or ProcessingRequest.RequestOneofCase.RequestTrailers;

    private ProcessingResponse Right(ProcessingRequest message) => message.RequestCase switch
    {
        ProcessingRequest.RequestOneofCase.RequestHeaders => new() { RequestHeaders = new() { Response = new() { HeaderMutation = Set("x-seen", "req") } } },
        ProcessingRequest.RequestOneofCase.ResponseHeaders => new() { ResponseHeaders = new() { Response = new() { HeaderMutation = Set("x-seen", "res") } } },
        ProcessingRequest.RequestOneofCase.RequestBody => new() { RequestBody = new() { Response = Body(_request, message.RequestBody) } },
        ProcessingRequest.RequestOneofCase.ResponseBody => new() { ResponseBody = new() { Response = Body(_response, message.ResponseBody) } },
        ProcessingRequest.RequestOneofCase.RequestTrailers => new() { RequestTrailers = new() { HeaderMutation = Set("x-seen-trailer", "req") } },
        _ => new() { ResponseTrailers = new() { HeaderMutation = Set("x-seen-trailer", "res") } },
    };

    private static CommonResponse Body(BodyMode mode, HttpBody body) => mode is BodyMode.FullDuplexStreamed
        ? new() { BodyMutation = new() { StreamedResponse = new() { Body = Upper(body.Body), EndOfStream = body.EndOfStream } } }
        : new() { BodyMutation = new() { Body = Upper(body.Body) } };

    private static ByteString Upper(ByteString bytes) => ByteString.CopyFromUtf8(bytes.ToStringUtf8().ToUpperInvariant());

    private IEnumerable<ProcessingResponse> Wrong(ProcessingRequest message, ProcessingResponse right)
    {
        CommonResponse? common = right.RequestHeaders?.Response ?? right.ResponseHeaders?.Response ?? right.RequestBody?.Response ?? right.ResponseBody?.Response;
        bool isRequest = IsRequest(message);
        switch (_mischief)
        {
            case Mischief.AnswerTwice: return [right, right];
            case Mischief.AnswerOtherDirection: return [isRequest ? new() { ResponseHeaders = new() } : new() { RequestHeaders = new() }];
            case Mischief.AnswerAnotherPart: return [AnotherPart(right, isRequest)];
            case Mischief.SayNothing: return [new()];
            case Mischief.Respond: return [new() { ImmediateResponse = new() { Status = new() { Code = Envoy.Type.V3.StatusCode.Forbidden }, Body = ByteString.CopyFromUtf8("no"), Headers = Set("x-told", "yes"), Details = "told" } }];
            case Mischief.RespondInParts: return InParts();
            case Mischief.EndWithOk: End = Status.DefaultSuccess; return [];
            case Mischief.Fail: End = new(Grpc.Core.StatusCode.Internal, "failed"); return [];
            case Mischief.AnswerTrailersEarly: return [isRequest ? new() { RequestTrailers = new() } : new() { ResponseTrailers = new() }, right];
            case Mischief.AskForTime: return [new() { OverrideMessageTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)) }, right];
            case Mischief.OverrideModesAlone: return [new() { ModeOverride = Override(BodyMode.FullDuplexStreamed) }, right];
            case Mischief.OverrideModes:
                right.ModeOverride = Override(BodyMode.Buffered);
                return [right];
            default:
                Spoil(common, right);
                return [right];
        }
    }

    private static ProcessingResponse AnotherPart(ProcessingResponse right, bool isRequest) => (isRequest, right.RequestHeaders ?? right.ResponseHeaders) switch
    {
        (true, null) => new() { RequestHeaders = new() },
        (false, null) => new() { ResponseHeaders = new() },
        (true, _) => new() { RequestBody = new() },
        (false, _) => new() { ResponseBody = new() },
    };

    private Modes Override(BodyMode mode)
    {
        (_request, _response) = (mode, mode);
        return new() { RequestBodyMode = mode, ResponseBodyMode = mode, RequestTrailerMode = Modes.Types.HeaderSendMode.Send, ResponseTrailerMode = Modes.Types.HeaderSendMode.Send };
    }

    private static IEnumerable<ProcessingResponse> InParts() =>
    [
        new() { StreamedImmediateResponse = new() { HeadersResponse = new() { Headers = new() { Headers = { new HeaderValue { Key = ":status", RawValue = ByteString.CopyFromUtf8("201") }, new HeaderValue { Key = "x-told", RawValue = ByteString.CopyFromUtf8("parts") } } } } } },
        new() { StreamedImmediateResponse = new() { BodyResponse = new() { Body = ByteString.CopyFromUtf8("one ") } } },
        new() { StreamedImmediateResponse = new() { BodyResponse = new() { Body = ByteString.CopyFromUtf8("two"), EndOfStream = true } } },
    ];

    private void Spoil(CommonResponse? common, ProcessingResponse right)
    {
        HeaderMutation? spoiled = _mischief switch
        {
            Mischief.SetForbiddenHeaders => Set(":method", "PUT", ":scheme", "https", "host", "elsewhere", "x-envoy-a", "1", "x-after", "yes"),
            Mischief.SetInvalidHeader => Set("x-a b", "1"),
            Mischief.SetTooManyHeaders => Set([.. Enumerable.Range(0, 101).SelectMany(number => (string[])[$"x-many-{number}", "1"])]),
            Mischief.SetValueOnly when common is not null => new() { SetHeaders = { new HeaderValueOption { Header = new() { Key = "x-value", Value = "unread" } } } },
            Mischief.SetContentLength => Set("content-length", "3"),
            Mischief.ChangeHeadersInBody => Set("x-from-body", "yes"),
            Mischief.AppendHeaders => Appended("x-a", "2"),
            Mischief.RemoveHeaders => new() { RemoveHeaders = { "x-a", "host", ":path", "x-none" } },
            _ => null,
        };
        if (spoiled is not null)
        {
            SetMutation(right, common, spoiled);
        }
        else if (common is not null)
        {
            SpoilBody(common);
        }
    }

    private void SpoilBody(CommonResponse common)
    {
        switch (_mischief)
        {
            case Mischief.StreamedBodyElsewhere: common.BodyMutation = new() { StreamedResponse = new() { Body = ByteString.CopyFromUtf8("streamed"), EndOfStream = true } }; break;
            case Mischief.PlainBodyInDuplex or Mischief.ChangeLength: common.BodyMutation = new() { Body = ByteString.CopyFromUtf8("another length altogether") }; break;
            case Mischief.ClearBody: common.BodyMutation = new() { ClearAllBody = true }; break;
            case Mischief.Replace:
                common.Status = CommonResponse.Types.ResponseStatus.ContinueAndReplace;
                common.BodyMutation = new() { Body = ByteString.CopyFromUtf8("replaced") };
                break;
            case Mischief.ReplaceInParts:
                common.Status = CommonResponse.Types.ResponseStatus.ContinueAndReplace;
                break;
        }
    }

    private static void SetMutation(ProcessingResponse right, CommonResponse? common, HeaderMutation mutation)
    {
        if (common is not null)
        {
            common.HeaderMutation = mutation;
        }
        else if (right.RequestTrailers is { } request)
        {
            request.HeaderMutation = mutation;
        }
        else
        {
            right.ResponseTrailers.HeaderMutation = mutation;
        }
    }

    private static HeaderMutation Set(params string[] namesAndValues)
    {
        var mutation = new HeaderMutation();
        foreach (string[] pair in namesAndValues.Chunk(2))
        {
            mutation.SetHeaders.Add(new HeaderValueOption { Header = new() { Key = pair[0], RawValue = ByteString.CopyFromUtf8(pair[1]) } });
        }

        return mutation;
    }

#pragma warning disable CS0612 // Envoy reads the old `append` and ignores `append_action`
    private static HeaderMutation Appended(string name, string value)
    {
        HeaderMutation mutation = Set(name, value);
        mutation.SetHeaders[0].Append = true;
        return mutation;
    }
#pragma warning restore CS0612
}
