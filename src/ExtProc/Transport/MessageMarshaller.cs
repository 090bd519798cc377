using Google.Protobuf;
using Grpc.Core;

namespace ExtProc.Transport;

/// <summary>Makes what Grpc.AspNetCore needs to read and write a generated message.</summary>
internal static class MessageMarshaller
{
    public static Marshaller<T> Of<T>(MessageParser<T> parser)
        where T : IMessage<T> => Marshallers.Create(message => message.ToByteArray(), parser.ParseFrom);
}
