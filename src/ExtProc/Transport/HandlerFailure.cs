using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>The one place where what a handler throws becomes a status.</summary>
internal static class HandlerFailure
{
    /// <summary>Runs a handler; the status of its failure, or of the call's end from outside; null when there is neither.</summary>
    public static async Task<GrpcException?> OfAsync(HttpGrpcCall call, GrpcHandler handler, HttpContext context, ILogger log)
    {
        try
        {
            await handler(call.Reader, call.Writer, call).ConfigureAwait(false);
            return call.Verdict;
        }
        catch (GrpcException failure)
        {
            failure = call.Verdict ?? failure;
            log.Ended(context.Request.Path, failure.Code, failure.Message);
            return failure;
        }
        catch (Exception) when (call.Verdict is not null)
        {
            log.Ended(context.Request.Path, call.Verdict.Code, call.Verdict.Message);
            return call.Verdict;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException
            && (call.Reader.PeerGone || context.RequestAborted.IsCancellationRequested))
        {
            return new GrpcException(StatusCode.Cancelled, "the peer reset the stream");
        }
        catch (OperationCanceledException)
        {
            return new GrpcException(StatusCode.Cancelled, "the server cancelled the call");
        }
        catch (Exception bug)
        {
            log.HandlerFailed(context.Request.Path, bug);
            return new GrpcException(StatusCode.Unknown, "the server failed; its log says how");
        }
    }
}
