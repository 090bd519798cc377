using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using PolicyValidator.Inputs;

namespace PolicyValidator.Rules;

/// <summary>
/// Names for findings that stay the same from run to run while lines move: made of the rule, the file, the Kubernetes object, the path
/// inside the document without places in lists, and the words pointed at. Equal ones are told apart by counting.
/// </summary>
internal static partial class Fingerprint
{
    /// <summary>A name for each finding, different ones for all.</summary>
    /// <param name="findings">The findings of a file, in the order of the text.</param>
    /// <param name="path">The file's path, the same on every machine.</param>
    /// <returns>For each finding 32 hexadecimal digits.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<Finding> findings, string path)
    {
        // Of a million findings the words themselves would take more than all else that is known of them.
        Dictionary<UInt128, int> seen = [];
        return [.. findings.Select(finding => Identity(finding, path)).Select(identity =>
        {
            UInt128 key = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(identity)));
            int before = seen.GetValueOrDefault(key);
            seen[key] = before + 1;
            return Hash($"{identity}\n{before}");
        })];
    }

    private static string Identity(Finding finding, string path) => string.Join(
        '\n', finding.Rule.Id, path, ObjectOf(finding.Document?.Root), Index().Replace(finding.Pointer, "/*"), Words(finding));

    /// <summary>The first line that is pointed at, without indent.</summary>
    private static string Words(Finding finding)
    {
        string text = finding.Source.TextOf(finding.Span);
        int end = text.IndexOf('\n', StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).Trim();
    }

    /// <summary>The Kubernetes object around; a file that it holds as text hangs in its tree.</summary>
    private static string ObjectOf(Node? root)
    {
        for (; root is not null; root = root.Parent)
        {
            if (root is MappingNode node && node["metadata"] is MappingNode metadata)
            {
                return string.Join('/', TextOf(node["kind"]), TextOf(metadata["namespace"]), TextOf(metadata["name"]));
            }
        }

        return "";
    }

    private static string TextOf(Node? node) => (node as ScalarNode)?.Value ?? "";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    [GeneratedRegex("/[0-9]+(?=/|$)")]
    private static partial Regex Index();
}
