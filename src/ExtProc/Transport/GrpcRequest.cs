using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Transport;

/// <summary>Why a request is refused before any work: as plain HTTP when it is no gRPC, else as a gRPC status.</summary>
/// <param name="HttpStatus">200 for a gRPC status.</param>
/// <param name="Code">The gRPC status; OK where the refusal is plain HTTP.</param>
/// <param name="Message">What is wrong and what is allowed; nothing of what was received, for it goes back to the peer.</param>
internal sealed record Refusal(int HttpStatus, StatusCode Code, string Message)
{
    /// <summary>A refusal in gRPC's own terms.</summary>
    public static Refusal Of(StatusCode code, string message) => new(StatusCodes.Status200OK, code, message);
}

/// <summary>What the request's headers say of a call, checked before anything is read.</summary>
internal readonly record struct GrpcRequest(GrpcEncoding Encoding, TimeSpan? Timeout)
{
    /// <summary>What <c>grpc-accept-encoding</c> of this server says.</summary>
    public const string AcceptedEncodings = "identity,gzip";

    private const string GrpcContentType = "application/grpc";

    /// <summary>Whether a content type is gRPC with protobuf messages: <c>application/grpc</c> or <c>application/grpc+proto</c>.</summary>
    public static bool IsGrpc(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(GrpcContentType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        ReadOnlySpan<char> rest = contentType.AsSpan(GrpcContentType.Length);
        if (rest.StartsWith("+proto", StringComparison.OrdinalIgnoreCase))
        {
            rest = rest["+proto".Length..];
        }

        return rest.IsEmpty || rest[0] is ';' or ' ';
    }

    /// <summary>Reads the headers; null and a request when it may begin.</summary>
    public static Refusal? Read(HttpRequest http, out GrpcRequest request)
    {
        request = default;
        if (NotGrpc(http) is { } refused)
        {
            return refused;
        }

        if (!TryEncoding(http.Headers.GrpcEncoding, out GrpcEncoding encoding))
        {
            return Refusal.Of(
                StatusCode.Unimplemented, $"this grpc-encoding is not supported; use one of {AcceptedEncodings}");
        }

        TimeSpan? timeout = null;
        if (http.Headers.GrpcTimeout is { Count: > 0 } text)
        {
            if (!GrpcTimeout.TryParse(text.ToString(), out TimeSpan left))
            {
                return Refusal.Of(
                    StatusCode.Internal, "grpc-timeout is not one to eight digits and one of H, M, S, m, u, n");
            }

            if (left <= TimeSpan.Zero)
            {
                return Refusal.Of(StatusCode.DeadlineExceeded, "grpc-timeout is already over");
            }

            timeout = left;
        }

        request = new GrpcRequest(encoding, timeout);
        return null;
    }

    private static Refusal? NotGrpc(HttpRequest http)
    {
        if (!HttpProtocol.IsHttp2(http.Protocol))
        {
            return new(StatusCodes.Status426UpgradeRequired, default, "gRPC needs HTTP/2");
        }

        if (!HttpMethods.IsPost(http.Method))
        {
            return new(StatusCodes.Status405MethodNotAllowed, default, "gRPC needs POST");
        }

        if (!IsGrpc(http.ContentType))
        {
            return new(
                StatusCodes.Status415UnsupportedMediaType, default, $"the content-type is not {GrpcContentType}");
        }

        // Says that trailers reach the client: without them it would never learn the status. Kestrel refuses any other value.
        return http.Headers.TE.Count == 0
            ? Refusal.Of(StatusCode.Internal, "the header te: trailers is missing; a proxy that cannot carry trailers may have dropped it")
            : null;
    }

    private static bool TryEncoding(string? name, out GrpcEncoding encoding)
    {
        encoding = string.Equals(name, "gzip", StringComparison.OrdinalIgnoreCase) ? GrpcEncoding.Gzip : GrpcEncoding.Identity;
        return encoding is GrpcEncoding.Gzip || string.IsNullOrEmpty(name) || name.Equals("identity", StringComparison.OrdinalIgnoreCase);
    }
}
