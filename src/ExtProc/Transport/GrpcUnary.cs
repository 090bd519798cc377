using System.Buffers;
using Google.Protobuf;

namespace ExtProc.Transport;

/// <summary>Messages of the generated classes, for the methods where speed does not matter.</summary>
internal static class GrpcUnary
{
    /// <summary>Reads the only message of a request, and its end.</summary>
    /// <exception cref="GrpcException">INTERNAL when there is none or more than one, or when it cannot be parsed.</exception>
    public static async ValueTask<T> ReadOnlyOneAsync<T>(this GrpcReader reader, MessageParser<T> parser)
        where T : IMessage<T>
    {
        if (!await reader.WaitAsync(CancellationToken.None).ConfigureAwait(false) || !reader.TryRead(out ReadOnlySequence<byte> bytes))
        {
            throw new GrpcException(GrpcStatusCode.Internal, "the request ended without its message");
        }

        T message = Parse(parser, bytes);
        if (await reader.WaitAsync(CancellationToken.None).ConfigureAwait(false))
        {
            throw new GrpcException(GrpcStatusCode.Internal, "the request has more than one message; this method takes one");
        }

        return message;
    }

    /// <summary>Writes one message; it goes out with the next flush or with the status.</summary>
    public static void Write(this GrpcWriter writer, IMessage message) => message.WriteTo(writer.Begin(message.CalculateSize()));

    private static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> bytes)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"the message is not a {typeof(T).Name}", broken);
        }
    }
}
