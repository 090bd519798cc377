using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>The one place where what a handler throws becomes a status.</summary>
internal static class HandlerFailure
{
    /// <summary>The status of a handler's failure, which is told in the log; that of the call's end from outside where there was one.</summary>
    public static GrpcException Of(Exception thrown, HttpGrpcCall call, HttpContext context, ILogger log)
    {
        switch (thrown)
        {
            case var _ when call.Verdict is not null:
                log.Ended(context.Request.Path, call.Verdict.Code, call.Verdict.Message);
                return call.Verdict;
            case GrpcException failure:
                log.Ended(context.Request.Path, failure.Code, failure.Message);
                return failure;
            case OperationCanceledException or IOException when call.Reader.PeerGone || context.RequestAborted.IsCancellationRequested:
                return new GrpcException(StatusCode.Cancelled, "the peer reset the stream");
            case OperationCanceledException:
                return new GrpcException(StatusCode.Cancelled, "the server cancelled the call");
            default:
                log.HandlerFailed(context.Request.Path, thrown);
                return new GrpcException(StatusCode.Unknown, "the server failed; its log says how");
        }
    }
}
