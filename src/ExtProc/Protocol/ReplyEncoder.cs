using System.Buffers;
using Envoy.Service.ExtProc.V3;
using ExtProc.Transport;
using Google.Protobuf;

namespace ExtProc.Protocol;

/// <summary>
/// Writes <c>ProcessingResponse</c> messages: those of the data path straight into the response, without objects or copies between;
/// the rare ones through the generated classes.
/// </summary>
internal sealed class ReplyEncoder(GrpcWriter output)
{
    // ProcessingResponse
    private const int RequestHeaders = 1, RequestBody = 3, RequestTrailers = 5;

    // HeadersResponse, BodyResponse: response. TrailersResponse: header_mutation. CommonResponse.
    private const int Common = 1, TrailersMutation = 1;
    private const int Status = 1, Mutation = 2, BodyMutationField = 3, ClearRouteCache = 5;

    // BodyMutation, and StreamedBodyResponse in it.
    private const int NewBody = 1, ClearBody = 2, Streamed = 3;
    private const int StreamedBody = 1, StreamedEnd = 2;

    /// <summary>Answers headers.</summary>
    /// <param name="direction">Whose.</param>
    /// <param name="mutation">Changes.</param>
    /// <param name="clearRouteCache">Has Envoy choose the route again; it ignores that without a change.</param>
    /// <param name="replacement">A body for a message, given with CONTINUE_AND_REPLACE; null to continue.</param>
    /// <param name="extras">Encoded fields of <c>ProcessingResponse</c> to add.</param>
    public void Headers(Direction direction, HeaderMutation mutation, bool clearRouteCache, ReadOnlyMemory<byte>? replacement, ReadOnlySpan<byte> extras)
    {
        int bodyMutation = replacement is { } body ? ProtoWriter.SizeOfField(body.Length) : 0;
        int common = (replacement is null ? 0 : 2)
            + (mutation.IsEmpty ? 0 : ProtoWriter.SizeOfField(mutation.Size))
            + (replacement is null ? 0 : ProtoWriter.SizeOfField(bodyMutation))
            + (clearRouteCache ? 2 : 0);
        int response = common == 0 ? 0 : ProtoWriter.SizeOfField(common);
        var writer = new ProtoWriter(output.Begin(ProtoWriter.SizeOfField(response) + extras.Length));
        writer.Open(RequestHeaders + Offset(direction), response);
        if (common > 0)
        {
            writer.Open(Common, common);
            if (replacement is not null)
            {
                writer.WriteSmall(Status, (int)CommonResponse.Types.ResponseStatus.ContinueAndReplace);
            }

            WriteMutation(ref writer, Mutation, mutation);
            if (replacement is { } bytes)
            {
                writer.Open(BodyMutationField, bodyMutation);
                writer.WriteField(NewBody, bytes.Span);
            }

            if (clearRouteCache)
            {
                writer.WriteSmall(ClearRouteCache, 1);
            }
        }

        writer.WriteRaw(extras);
        writer.Complete();
    }

    /// <summary>Sends a chunk in full duplex.</summary>
    public void StreamedChunk(Direction direction, in ReadOnlySequence<byte> bytes, bool endOfStream, ReadOnlySpan<byte> extras)
    {
        int length = (int)bytes.Length;
        int streamed = (length == 0 ? 0 : ProtoWriter.SizeOfField(length)) + (endOfStream ? 2 : 0);
        int mutation = ProtoWriter.SizeOfField(streamed);
        int common = ProtoWriter.SizeOfField(mutation);
        int response = ProtoWriter.SizeOfField(common);
        var writer = new ProtoWriter(output.Begin(ProtoWriter.SizeOfField(response) + extras.Length));
        writer.Open(RequestBody + Offset(direction), response);
        writer.Open(Common, common);
        writer.Open(BodyMutationField, mutation);
        writer.Open(Streamed, streamed);
        if (length > 0)
        {
            writer.Open(StreamedBody, length);
            writer.WriteRaw(bytes);
        }

        if (endOfStream)
        {
            writer.WriteSmall(StreamedEnd, 1);
        }

        writer.WriteRaw(extras);
        writer.Complete();
    }

    /// <summary>Answers a body message outside full duplex.</summary>
    /// <param name="direction">Whose.</param>
    /// <param name="changed">The new bytes; null when they stay as they came.</param>
    /// <param name="mutation">Header changes; only where Envoy still holds the headers.</param>
    /// <param name="clearRouteCache">As for headers.</param>
    /// <param name="extras">As for headers.</param>
    public void Body(Direction direction, ReadOnlySequence<byte>? changed, HeaderMutation mutation, bool clearRouteCache, ReadOnlySpan<byte> extras)
    {
        int newLength = (int)(changed?.Length ?? 0);
        int bodyMutation = changed is null ? 0 : newLength == 0 ? 2 : ProtoWriter.SizeOfField(newLength);
        int common = (mutation.IsEmpty ? 0 : ProtoWriter.SizeOfField(mutation.Size))
            + (changed is null ? 0 : ProtoWriter.SizeOfField(bodyMutation))
            + (clearRouteCache ? 2 : 0);
        int response = common == 0 ? 0 : ProtoWriter.SizeOfField(common);
        var writer = new ProtoWriter(output.Begin(ProtoWriter.SizeOfField(response) + extras.Length));
        writer.Open(RequestBody + Offset(direction), response);
        if (common > 0)
        {
            writer.Open(Common, common);
            WriteMutation(ref writer, Mutation, mutation);
            if (changed is { } bytes)
            {
                writer.Open(BodyMutationField, bodyMutation);
                if (newLength == 0)
                {
                    writer.WriteSmall(ClearBody, 1);
                }
                else
                {
                    writer.Open(NewBody, newLength);
                    writer.WriteRaw(bytes);
                }
            }

            if (clearRouteCache)
            {
                writer.WriteSmall(ClearRouteCache, 1);
            }
        }

        writer.WriteRaw(extras);
        writer.Complete();
    }

    /// <summary>Answers trailers.</summary>
    public void Trailers(Direction direction, HeaderMutation mutation, ReadOnlySpan<byte> extras)
    {
        int response = mutation.IsEmpty ? 0 : ProtoWriter.SizeOfField(mutation.Size);
        var writer = new ProtoWriter(output.Begin(ProtoWriter.SizeOfField(response) + extras.Length));
        writer.Open(RequestTrailers + Offset(direction), response);
        WriteMutation(ref writer, TrailersMutation, mutation);
        writer.WriteRaw(extras);
        writer.Complete();
    }

    /// <summary>Sends a message that is not of the data path.</summary>
    public void Message(ProcessingResponse message)
    {
        byte[] bytes = message.ToByteArray();
        IBufferWriter<byte> writer = output.Begin(bytes.Length);
        writer.Write(bytes);
    }

    private static int Offset(Direction direction) => (int)direction;

    private static void WriteMutation(ref ProtoWriter writer, int field, HeaderMutation mutation)
    {
        if (!mutation.IsEmpty)
        {
            writer.Open(field, mutation.Size);
            mutation.Write(ref writer);
        }
    }
}
