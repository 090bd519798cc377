using System.Globalization;
using System.Text;
using Google.Protobuf.Reflection;
using Tests.Shared;

namespace Envoy.Api.Protos.Tests;

public sealed class OpaqueTypesTests
{
    [Fact]
    public void A_message_is_listed_or_opaque_never_both_and_never_neither()
    {
        foreach (MessageDescriptor type in OurRows.Messages.Values)
        {
            bool listed = UpstreamTable.Rows.ContainsKey(type.FullName);
            Assert.True(listed != type.IsOpaque(), $"{type.FullName} is {(listed ? "listed and opaque" : "neither listed nor opaque")}");
        }
    }

    [Fact]
    public void An_opaque_message_has_no_fields_and_is_named_by_a_listed_one()
    {
        HashSet<string> named = [.. Listed().SelectMany(type => type.Fields.InDeclarationOrder()).SelectMany(NamedBy)];
        foreach (MessageDescriptor type in Opaque())
        {
            Assert.Empty(type.Fields.InDeclarationOrder());
            Assert.True(named.Contains(type.FullName), $"{type.FullName} is opaque, and no field names it: remove it");
        }
    }

    [Fact]
    public void Opaque_messages_stand_together_or_inside_their_parent()
    {
        foreach (MessageDescriptor type in Opaque().Where(type => type.ContainingType is null))
        {
            string file = $"opaque/{type.File.Package.Replace('.', '_')}.proto";
            Assert.True(type.File.Name == file, $"{type.FullName} stands in {type.File.Name}: move it to {file}");
        }
    }

    [Fact]
    public void The_readme_lists_the_opaque_types()
    {
        var text = new StringBuilder("| package | opaque |\n|---|---|\n");
        foreach (var package in Opaque().GroupBy(type => type.File.Package).OrderBy(package => package.Key, StringComparer.Ordinal))
        {
            var names = package.Select(type => $"`{type.FullName[(package.Key.Length + 1)..]}`").Order(StringComparer.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"| `{package.Key}` | {string.Join(", ", names)} |\n");
        }

        Golden.Section("protos/README.md", "opaque", text.ToString());
    }

    [Fact]
    public void All_files_are_reached_from_the_roots()
    {
        var generated = typeof(EnvoyApi).Assembly.GetTypes()
            .Select(type => type.GetProperty("Descriptor", typeof(FileDescriptor))?.GetValue(null))
            .OfType<FileDescriptor>();

        Assert.Empty(generated.Select(file => file.Name).Except(EnvoyApi.Files.Select(file => file.Name)));
    }

    private static IEnumerable<MessageDescriptor> Listed() => OurRows.Messages.Values.Where(type => !type.IsOpaque());

    private static IEnumerable<MessageDescriptor> Opaque() => OurRows.Messages.Values.Where(type => type.IsOpaque());

    private static IEnumerable<string> NamedBy(FieldDescriptor field) => field switch
    {
        { IsMap: true } => NamedBy(field.MessageType.FindFieldByNumber(2)),
        { FieldType: FieldType.Message } => [field.MessageType.FullName],
        _ => [],
    };
}
