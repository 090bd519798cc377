using System.Text;
using Tests.Shared;

namespace ExtProc.EndToEnd.Streams;

/// <summary>The document's table is made from what the tests try.</summary>
public sealed class SendingTableTests
{
    [Fact]
    public void The_document_says_of_all_that_is_tried_what_becomes_of_it() => Golden.Section("docs/http2.md", "sent", Table());

    private static string Table()
    {
        StringBuilder table = new("| | what | `envoy_grpc` | `google_grpc` |\n|---|---|---|---|\n");
        foreach (var kind in Sendings.All.GroupBy(sending => sending.Kind))
        {
            string first = kind.Key;
            foreach (var same in kind.GroupBy(sending => (Envoy: TextOf(sending.Envoy), Google: TextOf(sending.Google))))
            {
                string what = string.Join(", ", same.Select(sending => sending.What)).Replace("|", "\\|", StringComparison.Ordinal);
                table.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {first} | {what} | {same.Key.Envoy} | {same.Key.Google} |\n");
                first = "";
            }
        }

        return table.ToString();
    }

    private static string TextOf(Fate? fate) => fate?.Text ?? "-";
}
