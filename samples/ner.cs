#:project ../src/BertSharp/BertSharp.csproj
// Who and where? Names in a text, with their places in it.
using BertSharp;

using TokenClassifier tagger = TokenClassifier.Load(args is [string model] ? model : "dslim/bert-base-NER");
foreach (Entity entity in tagger.Find("Ada Lovelace lived in London."))
{
    Console.WriteLine($"{entity.Start,3}-{entity.End,-3} {entity.Label,-10} {entity.Score:P1}  {entity.Text}");
}
