using System.Xml;

namespace BertSharp.Tests;

/// <summary>
/// The Cranfield collection (Cleverdon 1967) in TREC's format. Its queries bear the numbers of the original files, 1 to 365 with
/// gaps; its judgments number the 225 queries one after the other.
/// </summary>
internal static class Cranfield
{
    public static RetrievalSet Read() => new(
        [.. Elements("cran.all.1400.xml", "doc").Select(doc => (doc["docno"], doc["text"]))],
        [.. Elements("cran.qry.xml", "top").Select((query, i) => ($"{i + 1}", query["title"]))],
        RelevanceJudgments.Read(SharedData.Require("data/cranfield/cranqrel.trec.txt")));

    // The file of documents has no root element.
    private static IEnumerable<Dictionary<string, string>> Elements(string file, string name)
    {
        using XmlReader reader = XmlReader.Create(SharedData.Require("data/cranfield", file), new XmlReaderSettings { ConformanceLevel = ConformanceLevel.Fragment });
        while (reader.ReadToFollowing(name))
        {
            using XmlReader fields = reader.ReadSubtree();
            Dictionary<string, string> element = [];
            fields.Read();
            while (fields.Read())
            {
                if (fields.NodeType == XmlNodeType.Element)
                {
                    string field = fields.Name;
                    element[field] = fields.ReadString().Trim();
                }
            }

            yield return element;
        }
    }
}
