using System.Buffers;
using System.Text;

namespace ExtProc.Transport;

/// <summary>
/// The percent-encoding of the trailer <c>grpc-message</c>: UTF-8, of which space to tilde stand for themselves, but for the
/// percent sign (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, Responses).
/// </summary>
internal static class GrpcMessageText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        string.Concat(Enumerable.Range(0x20, 0x7F - 0x20).Select(code => (char)code).Where(character => character != '%')));

    /// <summary>Encodes a status message for the wire.</summary>
    public static string Encode(string message) => message.AsSpan().ContainsAnyExcept(Plain) ? EncodeAll(message) : message;

    private static string EncodeAll(string message)
    {
        var text = new StringBuilder(message.Length + 16);
        foreach (byte code in Encoding.UTF8.GetBytes(message))
        {
            if (Plain.Contains((char)code))
            {
                text.Append((char)code);
            }
            else
            {
                text.Append('%').Append(code.ToString("X2"));
            }
        }

        return text.ToString();
    }
}
