import pytest
from tests.pages.conftest import *
from toolkit.pages.grid import *
def test_p(drawn):
    columns = [GridColumn(f"c{n}", f"Sleja {n}", "money", editable=n > 2) for n in range(8)]
    grid = Grid("Liela", columns, lang="lv", on_edit=lambda *asked: GridCell(asked[2]))
    grid.show(GridRow(str(n), {f"c{c}": GridCell(f"{n * c},00") for c in range(8)}) for n in range(2000))
    page = drawn(grid)
    for i in range(5):
        print(page.evaluate("""() => { const slot=document.getElementById('slot'); window.away?.(); slot.replaceChildren();
        document.body.offsetHeight;
        const t0=performance.now(); 
        window.away = W.render({model: window.model, el: slot}); const t1=performance.now(); document.body.offsetHeight; const t2=performance.now();
        return [t1-t0,t2-t1] }"""))
